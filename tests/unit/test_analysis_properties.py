"""What holds for any text at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.analysis import LexiconAnalyzer
from domain.analysis.reading import MOST_KEYWORDS
from domain.cards import AnalysisFailure, Evidence, Reading, ReviewText
from domain.emotions import EMOTIONS
from domain.reviews import MAX_TEXT_CHARS

ANALYZER = LexiconAnalyzer()

_VOCABULARY = """
좋아요 안 좋 별로 지 않 없 비싸 배송 가격 재미 은데 지만 는데 너무 조금 최악 ㅋㅋ ㅠㅠ 😍 👍 ^^ 못
하나도 추천 수 줄 알았 텐데 다고 not good bad but never very price . ! ? ~ ,
"""
_WORDS = st.sampled_from(_VOCABULARY.split())
_REVIEWISH = st.lists(_WORDS | st.sampled_from([" ", "\n"]), max_size=30).map("".join)
_TEXTS = st.text(max_size=80) | _REVIEWISH
_REVIEWS = st.builds(ReviewText, _TEXTS, st.none() | st.floats(1, 5))


def check_quote(text: str, quote: Evidence) -> None:
    assert 0 <= quote.start < quote.end <= len(text)
    assert text[quote.start : quote.end] == quote.text == quote.text.strip()


@settings(max_examples=400)
@given(_REVIEWS)
def test_any_text_gives_a_reading_or_a_named_failure(review: ReviewText) -> None:
    outcome = ANALYZER.analyze([review])[0]
    if isinstance(outcome, AnalysisFailure):
        assert outcome.message
        return
    assert outcome.language in {"ko", "en", "und"}
    assert tuple(label for label, _ in outcome.emotions) == EMOTIONS
    assert all(0.0 <= score <= 1.0 for _, score in outcome.emotions)
    assert -1.0 <= outcome.polarity <= 1.0
    assert 0.0 <= outcome.intensity <= 1.0
    assert len(set(outcome.keywords)) == len(outcome.keywords) <= MOST_KEYWORDS
    assert all(outcome.keywords)
    check_quote(review.text, outcome.headline)
    for mention in outcome.aspects:
        assert -1.0 <= mention.polarity <= 1.0
        assert 0.0 <= mention.intensity <= 1.0
        check_quote(review.text, mention.evidence)


@given(st.lists(_REVIEWS, max_size=8), st.randoms(use_true_random=False), st.integers(1, 4))
def test_batches_may_be_cut_and_ordered_at_will(
    reviews: list[ReviewText], random: Random, size: int
) -> None:
    whole = ANALYZER.analyze(reviews)
    parts = [reviews[at : at + size] for at in range(0, len(reviews), size)]
    assert [outcome for part in parts for outcome in ANALYZER.analyze(part)] == whole
    order = list(range(len(reviews)))
    random.shuffle(order)
    shuffled = ANALYZER.analyze([reviews[place] for place in order])
    assert shuffled == [whole[place] for place in order]


@given(_TEXTS, st.floats(1, 5))
def test_the_rating_touches_nothing_but_flags(text: str, rating: float) -> None:
    rated, plain = ANALYZER.analyze([ReviewText(text, rating), ReviewText(text, None)])
    if isinstance(plain, Reading) and isinstance(rated, Reading):
        assert (rated.polarity, rated.emotions) == (plain.polarity, plain.emotions)
        assert rated.headline == plain.headline
    else:
        assert rated == plain


def test_version_names_the_rules() -> None:
    assert re.fullmatch(r"lexicon-1\+[0-9a-f]{8}", ANALYZER.version)
    assert LexiconAnalyzer().version == ANALYZER.version


def test_hash_seed_changes_nothing() -> None:
    program = (
        "from domain.analysis import LexiconAnalyzer as A\n"
        "from domain.cards import ReviewText as R\n"
        "texts = ['디자인은 예쁜데 가격이 비싸요ㅠㅠ', 'Great sound but the battery died']\n"
        "print(A().version, A().analyze([R(text, 5.0) for text in texts]))\n"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert "price" in seen.pop()


@pytest.mark.parametrize(
    "piece",
    [
        "가",
        "좋",
        "안 ",
        "별로 안 좋지 않",
        "not good ",
        "good.",
        "\n!",
        "하나도 ",
        "ㅋ",
        "좋 지",
        "!",
        "👍",
        "a",
    ],
)
def test_the_longest_text_takes_bounded_time(piece: str) -> None:
    text = (piece * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS]
    began = time.process_time()
    ANALYZER.analyze([ReviewText(text, None)])
    assert time.process_time() - began < 2.0
