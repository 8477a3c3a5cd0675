"""Doubted cards are in the numbers, but are not their evidence and make no change of a week."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import test_report_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st
from test_results import cards, tally_of

from domain.aspects import Aspect
from domain.cards import Card
from domain.doubted import Doubted
from domain.results import build_numbers
from domain.signals import Signal, SignalKind

_START = datetime(2026, 1, 5, tzinfo=UTC)


@given(st.lists(st.tuples(cards(), st.booleans()), max_size=30))
@settings(max_examples=30)
def test_a_quote_of_a_doubted_review_stands_only_where_no_other_is_and_says_so(
    some: list[tuple[Card, bool]],
) -> None:
    signal = (Signal(SignalKind.BURST, "2026-01-05"),)
    marked = [
        replace(card, review_id=f"r{n}", signals=signal if doubt else ())
        for n, (card, doubt) in enumerate(some)
    ]
    doubted = Doubted()
    for card in marked:
        doubted.add(card)
    doubted = Doubted.from_state(doubted.to_state())
    doubtful = {card.review_id for card in marked if card.signals}
    for row in build_numbers(tally_of(marked), doubted)["emotions"]:
        told = [quote.get("doubted", False) for quote in row["quotes"]]
        assert told == [quote["review_id"] in doubtful for quote in row["quotes"]]
        assert len(set(told)) <= 1


def test_a_burst_of_praise_neither_is_the_evidence_nor_makes_a_better_week() -> None:
    dice = random.Random(9)
    honest = [
        sample.make_card(
            n, polarity=dice.choice((0.6, -0.6)), reviewed_at=_START + timedelta(days=n % 56)
        )
        for n in range(560)
    ]
    said = ("바느질이 꼼꼼해요", "마감이 깔끔합니다", "튼튼하고 오래 가요", "재질이 두툼해서 만족")
    quality = (Aspect.QUALITY,)
    honest += [
        sample.make_card(1000 + n, polarity=0.85, aspects=quality, text=text)
        for n, text in enumerate(said)
    ]
    words = ["이", "그", "저", *"가나다라마바사아자차카타파하거너더"]
    bought = [
        replace(
            sample.make_card(
                2000 + n,
                polarity=0.9,
                aspects=quality,
                text=f"정말 좋은 상품 {words[n % 20]}번째 구매 최고예요",
                reviewed_at=_START + timedelta(days=36),
            ),
            signals=(Signal(SignalKind.BURST, "2026-02-10"),),
        )
        for n in range(60)
    ]
    doubted = Doubted()
    for card in bought:
        doubted.add(card)
    numbers = build_numbers(tally_of(honest + bought), doubted)
    row = next(row for row in numbers["aspects"] if row["aspect"] == "quality")
    assert {quote["text"] for quote in row["quotes"]["positive"]} == set(said)
    assert [week["change"] for week in numbers["weeks"]] == [None] * 8
    blind = build_numbers(tally_of(honest + bought))
    found = [week["change"]["direction"] for week in blind["weeks"] if week["change"]]
    assert found[0] == "better"
