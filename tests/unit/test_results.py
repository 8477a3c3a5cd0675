"""A tally is the same whatever the order and the parts; numbers come from it alone."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.aspects import ASPECTS, Aspect
from domain.cards import AspectMention, Card, Evidence, FailureReason, Flag, Reading
from domain.emotions import EMOTIONS, Emotion
from domain.results import build_numbers
from domain.tally import Tally, feeling_of, merged

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
