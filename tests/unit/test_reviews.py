"""The rules that make a record a review."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rejections import RecordRefused, RejectReason
from domain.reviews import MAX_TEXT_CHARS, build_review, clean_date, clean_rating, clean_text

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_becomes_storable(raw: str) -> None:
    text, _ = clean_text(raw)
    assert "\x00" not in text
    text.encode()
    assert clean_text(text) == (text, ())


@given(st.text(alphabet=st.sampled_from("a\x00\ud800\udfff가 \n\t"), max_size=40))
def test_repairs_are_told(raw: str) -> None:
    text, repairs = clean_text(raw)
    assert ("nul_removed" in repairs) == ("\x00" in raw)
    assert ("surrogate_replaced" in repairs) == any("\ud800" <= char <= "\udfff" for char in raw)
    text.encode()


def test_spaces_collapse_and_lines_stay() -> None:
    assert clean_text("  좋아요 \t 정말\r\n\n\n 최고  ")[0] == "좋아요 정말\n최고"


def test_hangul_is_composed() -> None:
    assert clean_text("\u1112\u1161\u11ab")[0] == "한"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": "x" * (MAX_TEXT_CHARS + 1)}, RejectReason.TEXT_TOO_LONG),
        ({"text": 5}, RejectReason.TEXT_NOT_TEXT),
        ({"rating": math.nan}, RejectReason.RATING_NOT_A_NUMBER),
        ({"rating": "inf"}, RejectReason.RATING_NOT_A_NUMBER),
        ({"rating": "five"}, RejectReason.RATING_NOT_A_NUMBER),
        ({"rating": 0}, RejectReason.RATING_OUT_OF_RANGE),
        ({"rating": 5.5}, RejectReason.RATING_OUT_OF_RANGE),
        ({"created_at": "2031-01-01"}, RejectReason.DATE_IN_FUTURE),
        ({"rating": 5, "best": 5, "worst": 5}, RejectReason.RATING_OUT_OF_RANGE),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, RejectReason.DATE_UNREADABLE),
        ({"created_at": "yesterday"}, RejectReason.DATE_UNREADABLE),
        ({"review_id": "x" * 201}, RejectReason.ID_TOO_LONG),
    ],
)
def test_a_broken_rule_is_named(values: dict[str, Any], reason: RejectReason) -> None:
    record: dict[str, Any] = {"review_id": "1", "text": "좋아요", "now": NOW} | values
    with pytest.raises(RecordRefused) as caught:
        build_review(**record)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026.05.01", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026.5.1.", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026년 5월 1일", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T09:00:00+09:00", datetime(2026, 5, 1, tzinfo=UTC)),
        ("May 1, 2026", datetime(2026, 5, 1, tzinfo=UTC)),
        ("1 May 2026", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026-05-01T00:00:00Z", datetime(2026, 5, 1, tzinfo=UTC)),
    ],
)
def test_dates_of_korean_shops(raw: str, expected: datetime) -> None:
    assert clean_date(raw, now=NOW) == expected


def test_a_clock_a_little_ahead_is_no_future() -> None:
    assert clean_date(NOW + timedelta(hours=5), now=NOW) == NOW + timedelta(hours=5)


@pytest.mark.parametrize(("raw", "best", "stars"), [(10, 10, 5.0), (1, 10, 1.0), ("4,5", 5, 4.5)])
def test_ratings_are_brought_to_five_stars(raw: object, best: float, stars: float) -> None:
    assert clean_rating(raw, best=best) == stars


def test_the_same_content_gives_the_same_derived_id() -> None:
    first, second = (build_review(review_id=None, text="좋아요", rating=5, now=NOW) for _ in "ab")
    other = build_review(review_id=None, text="좋아요", rating=4, now=NOW)
    assert first.review_id == second.review_id != other.review_id


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_address_becomes_storable(raw: str) -> None:
    review = build_review(review_id="1", text="좋아요", url=raw, now=NOW)
    assert (review.url or "").isprintable()
    (review.url or "").encode()
