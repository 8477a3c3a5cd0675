"""A file of reviews behind the demo shop."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.review_file import MAX_LINE_BYTES, ReviewFile
from domain.errors import ColumnMissing, FileUnreadable

ROWS: list[dict[str, Any]] = [
    {"id": "1", "text": "좋아요", "rating": 5, "date": "2026-01-03"},
    {"id": 2, "text": "별로\n예요\r\u2028끝", "rating": 1},
    {"id": "3", "text": "nul \x00 and half \ud83d", "rating": 4, "label": "pos"},
    {"text": ""},
]


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "reviews.jsonl"
    file.write_bytes(lines(ROWS))
    return file


def texts_of(path: Path, **options: Any) -> list[object]:
    with closing(ReviewFile(path, **options)) as reviews:
        return [review.text for review in reviews.slice(0, len(reviews))]


def test_rows_come_back_as_they_are(path: Path) -> None:
    with closing(ReviewFile(path)) as reviews:
        first, second, third, fourth = reviews.slice(0, 10)

    assert (first.review_id, first.text, first.rating) == ("1", "좋아요", 5)
    assert (first.date, second.date) == ("2026-01-03", None)
    assert second.review_id == "2"
    assert [second.text, third.text] == [ROWS[1]["text"], ROWS[2]["text"]]
    assert (fourth.review_id, fourth.text, fourth.rating) == (None, "", None)


@given(st.lists(st.text(st.characters()), min_size=1, max_size=30), st.integers(1, 7))
def test_any_text_survives_in_any_slicing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], size: int
) -> None:
    path = tmp_path_factory.mktemp("rows") / "reviews.jsonl"
    path.write_bytes(lines([{"text": text} for text in texts]))
    with closing(ReviewFile(path)) as reviews:
        slices = [reviews.slice(at, at + size) for at in range(0, len(reviews), size)]

    assert [review.text for part in slices for review in part] == texts


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(gzip.compress(lines(ROWS)))

    assert texts_of(path) == [row["text"] for row in ROWS]


def test_marks_blank_lines_and_a_missing_last_newline_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n\n  \n{"text": "b"}')

    assert texts_of(path) == ["a", "b"]


def test_limit_takes_the_first_rows(path: Path) -> None:
    assert texts_of(path, limit=2) == [row["text"] for row in ROWS[:2]]


def test_lines_that_are_no_object_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(b'{"text": "a"}\n{broken\n[1]\n\xff\xfe\n{"text": "b"}\n' + b"[" * 100_000)
    with closing(ReviewFile(path)) as reviews:
        assert (len(reviews), reviews.unreadable) == (2, 4)


@pytest.mark.parametrize(
    ("ratings", "best", "worst"),
    [
        ([1, 5, 3], 5, 1),
        ([1, 10, 3], 10, 1),
        (["7", 2.5, None, "?"], 10, 1),
        ([40, 100, 3], 100, 0),
        ([5] * 30 + [99], 5, 1),
        ([5, 4, 3, 2, 77], 5, 1),
        (["4,5", 5, 3], 5, 1),
        ([], 5, 1),
    ],
)
def test_the_scale_is_found_out(
    tmp_path: Path, ratings: list[Any], best: float, worst: float
) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(lines([{"text": "t", "rating": r} for r in ratings] or [{"text": "t"}]))
    with closing(ReviewFile(path)) as reviews:
        scale = reviews.summary.scale

    assert (scale.best, scale.worst) == (best, worst)


def test_the_scale_may_be_given_and_the_mean_is_on_it(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(lines([{"text": "t", "rating": r} for r in (1, 4, 4, 55)]))
    with closing(ReviewFile(path, rating_max=10)) as reviews:
        summary = reviews.summary

    assert (summary.scale.best, summary.mean) == (10, 3)
    assert (summary.count, summary.rated, sum(summary.histogram)) == (4, 3, 3)


def test_ratings_that_are_no_numbers_are_served_but_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    odd = ["five", True, None, [5], float("nan"), 10**400]
    path.write_bytes(lines([{"text": "t", "rating": r} for r in odd]))
    with closing(ReviewFile(path)) as reviews:
        served = [review.rating for review in reviews.slice(0, 6)]
        assert reviews.summary.mean is None

    assert served[:4] == odd[:4]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", FileUnreadable, "no line is a JSON object"),
        (b"[1, 2]\n", FileUnreadable, "no line is a JSON object"),
        (gzip.compress(lines(ROWS) * 50, mtime=0)[:-40], FileUnreadable, "ended"),
        (b"\x1f\x8b\x08" + b"\x00" * 50, FileUnreadable, "reviews.jsonl"),
        (b'{"body": "x"}\n', ColumnMissing, '"text"'),
        (b"x" * (MAX_LINE_BYTES + 1), FileUnreadable, "line 1 is longer"),
    ],
    ids=["empty", "array", "cut", "damaged", "no text", "endless line"],
)
def test_a_file_that_cannot_be_served_is_named(
    tmp_path: Path, content: bytes, error: type[Exception], words: str
) -> None:
    path = tmp_path / "reviews.jsonl"
    path.write_bytes(content)

    with pytest.raises(error, match=words):
        ReviewFile(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"none\.jsonl"):
        ReviewFile(tmp_path / "none.jsonl")
