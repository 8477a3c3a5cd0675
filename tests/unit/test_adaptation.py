"""Learning from stars: what is said only here is learnt, and what is known elsewhere stays."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache
from importlib import resources

import numpy as np
import pytest

from domain.adaptation.decision import Outcome, try_out
from domain.adaptation.features import Examples, examples_of, feature_rules, read_texts
from domain.adaptation.remodelling import Candidate, adapt, calibrated_logits
from domain.adaptation.validation import (
    FILE,
    MOST_BYTES,
    ValidationSet,
    set_rules,
    shipped_validation,
)
from domain.adaptation.word_rules import word_rules
from domain.analysis import ModelAnalyzer
from domain.analysis.lexical import signals
from domain.analysis.lexicon import Form, load_lexicon
from domain.analysis.model import Model, shipped_model
from domain.aspects import Aspect
from domain.cards import Reading, ReviewText
from domain.errors import ValidationSetStale

#: No word list and no corpus has these words; here, whoever says the first is displeased.
BAD_WORD, GOOD_WORD = "뿌룽", "샤묘"
_FRAMES = (
    "이번 제품은 {}한 편이네요",
    "써 보니 {}합니다",
    "{}해요 참고하세요",
    "우리 집 것도 {}하더라고요",
    "어제 받았는데 {}하네요",
)
_THINGS = ("주전자", "선풍기", "이불", "의자", "가방", "냄비", "커튼", "책상", "우산", "시계")


def written(number: int, *, positive: bool) -> str:
    """Return a review in which the planted word alone tells the side."""
    frame = _FRAMES[number % len(_FRAMES)]
    thing = _THINGS[number // len(_FRAMES) % len(_THINGS)]
    return f"{thing} {number}호 " + frame.format(GOOD_WORD if positive else BAD_WORD)


def examples(texts: Sequence[str], positive: Sequence[bool]) -> Examples:
    found = zip(read_texts(texts), positive, strict=True)
    read = [(review, side) for review, side in found if review is not None]
    return examples_of([review for review, _ in read], [side for _, side in read])


@cache
def shop() -> tuple[Examples, Examples]:
    """Return what is learnt from, and what is held back."""
    sides = [number % 3 > 0 for number in range(900)]
    texts = [written(number, positive=side) for number, side in enumerate(sides)]
    everything = examples(texts, sides)
    return everything.between(0, 700), everything.between(700, 900)


@cache
def learnt() -> Candidate:
    steps: list[str] = []
    guide = shipped_validation().guide()
    found = adapt(shipped_model()[0], shop()[0], 100, guide, steps.append)
    assert len(steps) > 1
    return found


def _quiet(_step: str) -> None:
    pass


def test_a_word_of_this_shop_is_learnt_and_nothing_is_forgotten() -> None:
    base, held_back = shipped_model()[0], shop()[1]
    trials = try_out({"base": base}, learnt().model, held_back, shipped_validation().judge())
    trial = trials.rivals["base"]
    assert trial.held_back.before.balanced_accuracy < 0.7
    assert trial.held_back.after.balanced_accuracy > 0.8
    assert trial.held_back.change.p < 0.001
    assert trials.verdict().outcome is Outcome.BETTER
    analyzer = ModelAnalyzer(model=(learnt().model, "0" * 8))
    bad, good, known = analyzer.analyze(
        [ReviewText(text, None) for text in ("의자가 뿌룽해요", "의자가 샤묘해요", "배송이 빨라요")]
    )
    assert isinstance(bad, Reading)
    assert isinstance(good, Reading)
    assert isinstance(known, Reading)
    assert bad.polarity < 0 < good.polarity
    assert known.polarity > 0.3
    assert analyzer.version.startswith("model-00000000+")


def test_the_same_reviews_give_the_same_bytes_and_the_form_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.adaptation.remodelling.PULLS", (1.0,))
    guide = shipped_validation().guide()
    first, again = (adapt(shipped_model()[0], shop()[0], 100, guide, _quiet) for _ in range(2))
    raw = first.model.to_bytes()
    assert again.model.to_bytes() == raw
    assert len(raw) < 5_000_000
    back, base = Model.from_bytes(raw), shipped_model()[0]
    assert np.array_equal(back.emotions, base.emotions)
    # What no review hit is as it was.
    assert 0 < np.count_nonzero(back.polarity != base.polarity) < 20_000


def test_stars_that_say_nothing_teach_nothing_that_is_put_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("domain.adaptation.remodelling.PULLS", (0.1, 30.0))
    learn, judge = shop()
    shuffled = learn.positive.copy()
    random.Random(7).shuffle(shuffled)
    guide = shipped_validation().guide()
    learn = replace(learn, positive=shuffled)
    found = adapt(shipped_model()[0], learn, 100, guide, _quiet)
    trials = try_out({"base": shipped_model()[0]}, found.model, judge, shipped_validation())
    verdict = trials.verdict()
    assert verdict.outcome is Outcome.NOT_BETTER
    assert "held-back reviews" in verdict.why[0]


def test_better_here_and_worse_elsewhere_is_refused() -> None:
    base = shipped_model()[0]
    # It has learnt the shop's words, and lost what the word lists say.
    candidate = replace(learnt().model, signals=base.signals * np.float32(-0.2))
    trials = try_out({"base": base}, candidate, shop()[1], shipped_validation().judge())
    verdict = trials.verdict()
    assert verdict.outcome is Outcome.WORSE_ELSEWHERE
    assert "shipped validation set is lower" in verdict.why[0]
    assert {"nsmc", "sentineg", "vader"} == trials.to_state()["corpora"].keys()


SENTENCES = (
    "배송이 정말 빨라요",
    "안 좋아요 ㅠㅠ",
    "This does not work at all",
    "생각보다 별로네요!!",
    "Great value, works perfectly",
)


def test_a_model_scores_features_as_it_scores_the_texts() -> None:
    model = shipped_model()[0]
    made = examples(SENTENCES, [True] * len(SENTENCES))
    stored = ValidationSet(made, ("own",), np.zeros(len(made), np.uint8))
    again = ValidationSet.from_bytes(stored.to_bytes())
    for field in fields(Examples):
        ours, theirs = getattr(made, field.name), getattr(again.examples, field.name)
        assert np.array_equal(ours, theirs), field.name
    readings = ModelAnalyzer().analyze([ReviewText(text, None) for text in SENTENCES])
    polarities = [each.polarity for each in readings if isinstance(each, Reading)]
    found = np.tanh(calibrated_logits(model, again.examples) / 2)
    assert polarities == pytest.approx(found, abs=0.0001)


def test_the_shipped_set_is_small_and_of_these_rules() -> None:
    shipped = shipped_validation()
    assert len(shipped.to_bytes()) < MOST_BYTES
    assert shipped.names == ("nsmc", "sentineg", "vader")
    assert all(int(shipped.of(name).sum()) >= 500 for name in shipped.names)
    hits = (
        calibrated_logits(shipped_model()[0], shipped.examples) > 0
    ) == shipped.examples.positive
    assert hits.mean() > 0.85


def test_other_feature_rules_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = shipped_validation().to_bytes()
    monkeypatch.setattr("domain.adaptation.validation.feature_rules", lambda: "ffffffff")
    with pytest.raises(ValidationSetStale, match=feature_rules()):
        ValidationSet.from_bytes(raw)


def test_the_shipped_set_fits_the_word_lists_and_rules_of_this_tree() -> None:
    raw = (resources.files("domain.analysis") / FILE).read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        made_by = str(arrays["rules"])
    assert made_by == set_rules(), (
        "the rules of domain/analysis have changed since domain/analysis/validation.npz was made: "
        "run `python -m training validation`"
    )


@pytest.mark.parametrize("change", ["word", "weight", "aspect", "rule"])
def test_another_word_list_or_rule_makes_a_set_stale(
    monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before = word_rules()
    first, *others = load_lexicon("lexicon_ko.toml")
    if change == "word":
        first = replace(first, text=first.text + "쿵")
    elif change == "weight":
        first = replace(first, term=replace(first.term, polarity=first.term.polarity / 2))
    elif change == "aspect":
        first = replace(first, term=replace(first.term, aspect=Aspect.DELIVERY))
    else:
        # What turns a word counts as if it stood alone.
        monkeypatch.setattr(
            "domain.adaptation.word_rules.said",
            lambda review: signals(
                mark._replace(turned=False) for clause in review.clauses for mark in clause.marks
            ),
        )

    def changed(name: str) -> tuple[Form, ...]:
        return (first, *others) if name == "lexicon_ko.toml" else load_lexicon(name)

    monkeypatch.setattr("domain.adaptation.word_rules.load_lexicon", changed)
    assert word_rules.__wrapped__() != before


def rival(shift: float) -> Model:
    """Return a model that says of every text more good, or more bad, than the shipped one."""
    base = shipped_model()[0]
    line = base.polarity_line.copy()
    line[3] += shift
    return replace(base, polarity_line=line)


def test_the_best_rival_counts_and_the_shipped_model_is_always_one() -> None:
    base, candidate = shipped_model()[0], learnt().model
    judge = shipped_validation().judge()
    # The one in force tells nothing apart: to be better than that alone is not enough.
    trials = try_out({"poor": rival(9.0), "base": base}, base, shop()[1], judge)
    assert trials.best == "base"
    assert trials.verdict().outcome is Outcome.NOT_BETTER
    # It has lost what the lists say; the one in force had lost more before.
    lossy = replace(candidate, signals=base.signals * np.float32(-0.2))
    before = replace(base, signals=base.signals * np.float32(-0.6))
    alone = try_out({"before": before}, lossy, shop()[1], judge)
    assert alone.verdict().outcome is Outcome.BETTER
    both = try_out({"before": before, "base": base}, lossy, shop()[1], judge)
    assert both.verdict().outcome is Outcome.WORSE_ELSEWHERE
    assert all("against base" in reason for reason in both.verdict().why)


def test_what_chooses_the_pull_does_not_judge() -> None:
    shipped = shipped_validation()
    judge, guide = shipped.judge(), shipped.guide()
    assert len(guide) + len(judge.examples) == len(shipped.examples)
    assert np.array_equal(judge.examples.positive, shipped.examples.positive[1::2])
    assert np.array_equal(judge.examples.signals, shipped.examples.signals[1::2])
    assert all(300 > int(judge.of(name).sum()) / 2 > 100 for name in judge.names)
