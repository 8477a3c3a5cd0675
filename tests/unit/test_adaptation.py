"""Learning from stars: what is said only here is learnt, and what is known elsewhere stays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from domain.adaptation.decision import Outcome, try_out
from domain.adaptation.features import Examples, examples_of, feature_rules, read_texts
from domain.adaptation.remodelling import Candidate, adapt, calibrated_logits
from domain.adaptation.validation import MOST_BYTES, ValidationSet, shipped_validation
from domain.analysis import ModelAnalyzer
from domain.analysis.model import Model, shipped_model
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
    trial = try_out(base, learnt().model, held_back, shipped_validation())
    assert trial.held_back.before.balanced_accuracy < 0.7
    assert trial.held_back.after.balanced_accuracy > 0.8
    assert trial.held_back.change.p < 0.001
    assert trial.verdict().outcome is Outcome.BETTER
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
    trial = try_out(shipped_model()[0], found.model, judge, shipped_validation())
    verdict = trial.verdict()
    assert verdict.outcome is Outcome.NOT_BETTER
    assert "held-back reviews" in verdict.why[0]


def test_better_here_and_worse_elsewhere_is_refused() -> None:
    base = shipped_model()[0]
    # It has learnt the shop's words, and lost what the word lists say.
    candidate = replace(learnt().model, signals=base.signals * np.float32(-0.2))
    trial = try_out(base, candidate, shop()[1], shipped_validation())
    verdict = trial.verdict()
    assert verdict.outcome is Outcome.WORSE_ELSEWHERE
    assert "shipped validation set is lower" in verdict.why[0]
    assert {"nsmc", "sentineg", "vader"} == trial.to_state()["corpora"].keys()


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
