"""Masked reviews as the analyzer reads them: markers say nothing, and no quote cuts one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from masking_samples import PERSONAL

from domain.analysis import LexiconAnalyzer, ModelAnalyzer
from domain.cards import AnalysisFailure, Evidence, FailureReason, Reading, ReviewText
from domain.masking import MARKERS
from domain.reviews import Review, build_review

NOW = datetime(2026, 1, 15, tzinfo=UTC)
SAYINGS = (
    "배송이 너무 느려요. ",
    "디자인이 정말 예뻐요 ",
    "별로예요, ",
    "The battery is great. ",
    "가" * 70,
)


def reviewed(text: str) -> Review:
    return build_review(review_id="r", text=text, now=NOW)


def spans(reading: Reading) -> list[Evidence]:
    return [reading.headline, *(mention.evidence for mention in reading.aspects)]


@given(
    st.lists(st.sampled_from([*SAYINGS, *(text for _, text, _ in PERSONAL)]), max_size=8),
    st.integers(0, 130),
)
def test_quotes_are_of_the_stored_text_and_cut_no_marker(parts: list[str], shift: int) -> None:
    review = reviewed("하" * shift + "".join(parts))
    (outcome,) = LexiconAnalyzer().analyze([ReviewText(review.text, None)])
    if isinstance(outcome, AnalysisFailure):
        return
    for text, start, end in spans(outcome):
        assert review.text[start:end] == text
        rest = text
        for marker in MARKERS.values():
            rest = rest.replace(marker, "")
        whole = review.text
        for marker in MARKERS.values():
            whole = whole.replace(marker, "")
        assert "[" not in rest or "[" in whole
    signs = {sign for marker in MARKERS.values() for sign in marker}
    assert not any(signs & set(keyword) for keyword in outcome.keywords)


def test_a_long_clause_without_blanks_is_cut_before_a_marker() -> None:
    for length in range(112, 122):
        review = reviewed("좋" * length + "전화010-2345-6789로" + "좋" * 40)
        (outcome,) = LexiconAnalyzer().analyze([ReviewText(review.text, None)])
        assert isinstance(outcome, Reading)
        assert all(text.count("[") == text.count("]") for text, _, _ in spans(outcome))


@pytest.mark.parametrize("marker", MARKERS.values())
@pytest.mark.parametrize(
    ("before", "after"),
    [("번호가 ", " 인데 배송이 너무 느려요"), ("I wrote to ", " and the battery is great")],
)
def test_a_marker_carries_no_feeling(marker: str, before: str, after: str) -> None:
    texts = [ReviewText(f"{before}{sign}{after}", None) for sign in ("", marker)]
    bare, marked = LexiconAnalyzer().analyze(texts)
    assert isinstance(bare, Reading)
    assert isinstance(marked, Reading)
    assert (marked.language, marked.polarity) == (bare.language, bare.polarity)
    assert (marked.emotions, marked.keywords) == (bare.emotions, bare.keywords)
    trained, with_marker = ModelAnalyzer().analyze(texts)
    assert isinstance(trained, Reading)
    assert isinstance(with_marker, Reading)
    assert abs(trained.polarity - with_marker.polarity) < 0.1


def test_a_review_of_nothing_else_says_nothing() -> None:
    review = reviewed("010-2345-6789 kim@naver.com")
    assert review.masked == ("phone", "email")
    (outcome,) = LexiconAnalyzer().analyze([ReviewText(review.text, 5.0)])
    assert isinstance(outcome, AnalysisFailure)
    assert outcome.reason is FailureReason.ONLY_SYMBOLS


def test_what_differs_only_in_what_is_masked_is_the_same_review() -> None:
    first, second = reviewed("010-2345-6789 로 전화"), reviewed("010-9876-5432 로 전화")
    assert first.content_hash == second.content_hash
    derived = [build_review(review_id=None, text=t, now=NOW) for t in ("a@b.com", "c@d.com")]
    assert derived[0].review_id == derived[1].review_id
