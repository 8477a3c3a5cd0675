"""A tally is the same whatever the order and the parts; numbers come from it alone."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import test_report_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.agreement import differing
from domain.analysis.mentions import MOST_EACH
from domain.aspects import ASPECTS, Aspect
from domain.cards import AspectMention, Card, Evidence, FailureReason, Flag, Reading
from domain.certainty import MIN_COUNT, UNIT
from domain.doubted import Doubted
from domain.emotions import EMOTIONS, Emotion
from domain.results import build_numbers
from domain.signals import Signal, SignalKind
from domain.statistics import Moments, mean_interval, share_interval, t_quantile
from domain.tally import Tally, feeling_of, in_units, merged

_START = datetime(2026, 1, 5, tzinfo=UTC)


def scores(draw: st.DrawFn) -> float:
    return draw(st.integers(0, 10_000)) / 10_000


@st.composite
def cards(draw: st.DrawFn) -> Card:
    text = draw(st.text(min_size=1, max_size=20))
    evidence = Evidence(text, 0, len(text))
    mentions = [
        AspectMention(aspect, scores(draw) * 2 - 1, scores(draw), evidence)
        for aspect in draw(st.lists(st.sampled_from(ASPECTS), max_size=3))
    ]
    reading = Reading(
        language="ko",
        primary_emotion=draw(st.sampled_from(EMOTIONS)),
        emotions=tuple((emotion, scores(draw)) for emotion in EMOTIONS),
        intensity=scores(draw),
        polarity=round(scores(draw) * 2 - 1, 4),
        aspects=tuple(mentions),
        keywords=tuple(draw(st.lists(st.sampled_from(["가격", "a.b", "$x"]), unique=True))),
        headline=evidence,
        flags=draw(st.sampled_from([(), (Flag.MIXED,)])),
    )
    return Card(
        task_id="t",
        product_id="p",
        review_id=str(draw(st.integers(0, 10**6))),
        content_hash="h",
        rating=draw(st.sampled_from([None, 1.0, 2.5, 3.5, 5.0])),
        reviewed_at=draw(st.sampled_from([None, _START, _START + timedelta(days=8)])),
        analyzer_version="v",
        reading=reading,
    )


def tally_of(some: list[Card]) -> Tally:
    tally = Tally()
    for card in some:
        tally.add(card)
    return tally


@given(st.lists(cards(), max_size=12), st.randoms(use_true_random=False), st.integers(0, 12))
def test_order_and_parts_do_not_matter(some: list[Card], rng: random.Random, cut: int) -> None:
    whole = json.dumps(build_numbers(tally_of(some)), sort_keys=True)
    shuffled = rng.sample(some, len(some))
    parts = [tally_of(shuffled[:cut]).to_state(), tally_of(shuffled[cut:]).to_state()]
    stored = json.loads(json.dumps(parts))
    assert json.dumps(build_numbers(merged(stored)), sort_keys=True) == whole


@given(st.lists(cards(), max_size=8))
def test_shares_add_up(some: list[Card]) -> None:
    numbers = build_numbers(tally_of(some))
    assert numbers["cards"] == len(some)
    assert sum(numbers["feelings"].values()) == len(some)
    assert sum(row["primary"] for row in numbers["emotions"]) == len(some)
    assert sum(week["cards"] for week in numbers["weeks"]) == sum(
        card.reviewed_at is not None for card in some
    )


def test_failures_are_counted_apart() -> None:
    tally = Tally()
    tally.add_failure(FailureReason.EMPTY_TEXT)
    tally.add_failure(FailureReason.EMPTY_TEXT)
    numbers = build_numbers(tally)
    assert numbers["failures"] == {"empty_text": 2}
    assert numbers["cards"] == 0
    assert numbers["polarity"] is None


def test_equal_quotes_are_shown_once() -> None:
    tally = Tally()
    for number in range(10):
        text = "정말 좋아요" if number < 9 else "배송이 빨라요"
        evidence = Evidence(text, 0, len(text))
        reading = Reading(
            language="ko",
            primary_emotion=Emotion.JOY,
            emotions=tuple((emotion, 0.0) for emotion in EMOTIONS),
            intensity=0.5,
            polarity=0.5,
            aspects=(AspectMention(Aspect.QUALITY, 0.5, 0.5, evidence),),
            keywords=(),
            headline=evidence,
        )
        tally.add(Card("t", "p", f"r{number}", "h", None, None, "v", reading))
    quotes = build_numbers(tally)["aspects"][0]["quotes"]["positive"]
    assert [quote["text"] for quote in quotes] == ["배송이 빨라요", "정말 좋아요"]
    assert quotes[1]["review_id"] == "r0"


def test_feelings_have_a_band_around_zero() -> None:
    assert [feeling_of(value) for value in (0.5, 0.1, -0.1, -0.5)] == [
        "positive",
        "neutral",
        "neutral",
        "negative",
    ]
    assert feeling_of(0.9, mixed=True) == "mixed"


@given(st.lists(cards(), min_size=MIN_COUNT, max_size=30))
@settings(max_examples=10)
def test_intervals_of_aspects_rest_on_cards_not_on_mentions(some: list[Card]) -> None:
    """What a tally keeps in sums gives what the cards give one by one."""
    for row in build_numbers(tally_of(some))["aspects"]:
        said = [
            [in_units(m.polarity) for m in card.reading.aspects if m.aspect == row["aspect"]]
            for card in some
        ]
        totals = [sum(each) for each in said]
        there = [each for each in said if each]
        assert row["cards"] == len(there)
        assert row["share_of_cards"]["share"] == round(len(there) / len(some), 4)
        assert row["enough"] == (len(there) >= MIN_COUNT)
        if not row["enough"]:
            assert row["impact_interval"] is row["polarity_interval"] is None
            continue
        all_cards = Moments(len(totals), sum(totals), sum(total**2 for total in totals))
        impact = mean_interval(all_cards, (-UNIT, UNIT))
        assert row["impact_interval"] == [round(end / UNIT, 4) for end in impact]
        # A card more at each end of the scale.
        wider = [*there, [UNIT], [-UNIT]]
        ratio = sum(totals) / (row["mentions"] + 2)
        residue = sum((sum(each) - ratio * len(each)) ** 2 for each in wider)
        variance = residue * len(wider) / (len(wider) - 1) / (row["mentions"] + 2) ** 2
        half = t_quantile(len(wider) - 1) * variance**0.5
        expected = [(ratio - half) / UNIT, (ratio + half) / UNIT]
        assert row["polarity_interval"] == pytest.approx(expected, abs=6e-5)
        cases = row["mentions"] ** 2 / sum(len(each) ** 2 for each in there)
        share = share_interval(row["negative"], row["mentions"], cases)
        assert cases < MIN_COUNT or row["negative_share"]["interval"] == pytest.approx(
            share, abs=6e-5
        )


@given(st.lists(st.tuples(cards(), st.booleans()), max_size=12))
@settings(max_examples=25)
def test_without_the_doubted_is_what_the_others_give(some: list[tuple[Card, bool]]) -> None:
    signal = (Signal(SignalKind.COPY, "r-1"),)
    marked = [replace(card, signals=signal if doubt else ()) for card, doubt in some]
    doubted = Doubted()
    for card in marked:
        doubted.add(card)
    trust = build_numbers(tally_of(marked), doubted)["trust"]
    others = [card for card in marked if not card.signals]
    assert trust["without"] == build_numbers(tally_of(others))["trust"]["all"]
    assert trust["all"] == build_numbers(tally_of(marked))["trust"]["all"]
    assert trust["doubted"] == trust["signals"]["copy"] == len(marked) - len(others)
    assert sum(group["cards"] for group in trust["groups"]) == trust["doubted"]


def test_nothing_is_claimed_of_few() -> None:
    cards = [sample.make_card(n, aspects=(Aspect.PRICE,), rating=5.0) for n in range(MIN_COUNT - 1)]
    numbers = build_numbers(tally_of(cards))
    (price,) = numbers["aspects"]
    assert price["share_of_cards"] == {"share": 1.0, "interval": None}
    assert (price["enough"], price["impact_interval"]) == (False, None)
    assert numbers["polarity_interval"] is numbers["ratings"]["interval"] is None
    assert numbers["pleases"] == numbers["hurts"] == []
    assert numbers["feeling_shares"]["positive"] == {"share": 1.0, "interval": None}


def test_only_what_is_clear_of_nothing_pleases_or_hurts() -> None:
    plan = ((Aspect.PRICE, 0.5, 30), (Aspect.DESIGN, 0.9, 60), (Aspect.DELIVERY, -0.8, 40))
    cards = [
        sample.make_card(n, polarity=polarity, aspects=(aspect,))
        for aspect, polarity, count in plan
        for n in range(count)
    ]
    torn = (0.9, -0.9)
    cards += [
        sample.make_card(n, polarity=torn[n % 2], aspects=(Aspect.QUALITY,)) for n in range(40)
    ]
    numbers = build_numbers(tally_of(cards))
    assert numbers["pleases"] == ["design", "price"]
    assert numbers["hurts"] == ["delivery"]


def test_a_quote_of_one_aspect_comes_before_one_of_many() -> None:
    both = (Aspect.PRICE, Aspect.DELIVERY)
    tally = tally_of(
        [
            sample.make_card(1, text="가격도 배송도 최고예요", polarity=0.95, aspects=both),
            sample.make_card(2, text="아주 저렴하네요", polarity=0.9, aspects=(Aspect.PRICE,)),
        ]
    )
    rows = {row["aspect"]: row for row in build_numbers(tally)["aspects"]}
    assert rows["price"]["quotes"]["positive"][0]["text"] == "아주 저렴하네요"


def test_a_tally_of_an_earlier_release_says_that_it_holds_less() -> None:
    state = tally_of([sample.make_card()]).to_state()
    assert not merged([state]).older
    earlier = {name: state[name] for name in ("cards", "failures", "counts", "sums", "quotes")}
    assert merged([state, earlier, state]).older


def test_sums_of_squares_fit_a_stores_whole_numbers() -> None:
    most = 100_000_000
    star = in_units(5.0)
    assert star * star * most < 2**63
    assert (in_units(1.0) * MOST_EACH) ** 2 * most < 2**63


def test_a_result_of_schema_1_agrees_with_its_cards_as_far_as_it_goes() -> None:
    cards = sample.typical_cards(300)
    fresh = build_numbers(tally_of(cards))
    older = sample.as_schema_1(fresh)
    assert "trust" not in older
    older["aspects"][0]["quotes"] = {"positive": [], "negative": []}
    assert differing(older, fresh, 1) == []
    older["weeks"][3]["polarity"] += 0.0001
    older["feelings"]["mixed"] -= 1
    del older["aspects"][-1]
    assert differing(older, fresh, 1) == ["aspects", "feelings", "weeks"]
    assert differing(fresh, fresh, 2) == []
    assert differing(fresh | {"hurts": []}, fresh, 2) == ["hurts"]
