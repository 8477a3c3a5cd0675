"""The trained model: what plain sentences must come to, and that batches do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.analysis import ModelAnalyzer
from domain.analysis.model import Model, shipped_model
from domain.cards import Flag, Reading, ReviewText
from domain.emotions import Emotion

ANALYZER = ModelAnalyzer()
WORDS = (
    "배송",
    "안",
    "좋아요",
    "별로",
    "빨라요",
    "ㅠㅠ",
    "not",
    "good",
    "비싸요",
    "않",
    "지",
    "요.",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


def read(text: str) -> Reading:
    (reading,) = ANALYZER.analyze([ReviewText(text, None)])
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("배송 빠르고 품질도 좋아요", True),
        ("안 좋아요", False),
        ("좋지 않아요", False),
        ("나쁘지 않네요", True),
        ("별로 안 좋네요", False),
        ("없어서 못 사요", True),
        ("냄새 하나도 안 나요", True),
        ("비리지 않아요", True),
        ("불편함 없이 잘 쓰고 있어요", True),
        ("마감이 엉성하고 금방 망가졌어요", False),
        ("This is not good at all", False),
        ("Works perfectly, great value", True),
        ("돈 아까워요 ㅠㅠ", False),
    ],
)
def test_plain_sentences(text: str, good: bool) -> None:
    polarity = read(text).polarity
    assert polarity > 0.2 if good else polarity < -0.2, polarity


def test_a_turn_gives_two_clauses_with_two_feelings() -> None:
    reading = read("디자인은 정말 예쁜데 가격이 너무 비싸요")
    feelings = {str(each.aspect): each.polarity for each in reading.aspects}
    assert feelings["design"] > 0.3
    assert feelings["price"] < -0.3
    assert Flag.MIXED in reading.flags


def test_emotions_are_told_apart() -> None:
    angry = dict(read("진짜 짜증나고 화가 나네요 다시는 안 사요").emotions)
    glad = dict(read("너무 예쁘고 행복해요 최고예요").emotions)
    assert angry[Emotion.ANGER] > 0.5 > glad[Emotion.ANGER]
    assert glad[Emotion.JOY] > 0.5 > angry[Emotion.JOY]


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_batch_and_order_never_change_a_reading(texts: list[str]) -> None:
    reviews = [ReviewText(text, None) for text in texts]
    together = ANALYZER.analyze(reviews)
    assert together == [ANALYZER.analyze([review])[0] for review in reviews]
    assert ANALYZER.analyze(reviews[::-1]) == together[::-1]


@given(st.text(max_size=200))
def test_any_text_gives_numbers_in_their_ranges(text: str) -> None:
    (reading,) = ANALYZER.analyze([ReviewText(text, 3.0)])
    if isinstance(reading, Reading):
        assert -1 <= reading.polarity <= 1
        assert 0 <= reading.intensity <= 1
        assert all(0 <= score <= 1 for _, score in reading.emotions)
        for quote in (reading.headline, *(each.evidence for each in reading.aspects)):
            assert text[quote.start : quote.end] == quote.text


def test_the_file_is_small_and_comes_back_byte_for_byte() -> None:
    model, version = shipped_model()
    raw = model.to_bytes()
    assert len(raw) < 5_000_000
    assert Model.from_bytes(raw).to_bytes() == raw
    assert version in ANALYZER.version
    assert np.abs(model.polarity).max() == 127
