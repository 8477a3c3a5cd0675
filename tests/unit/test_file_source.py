"""What holds of every file source: batches, cursors, limits, estimates, memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from file_reading import jsonl, read, source, stored, write

from domain.errors import (
    AddressRefused,
    ColumnMissing,
    InvalidRequest,
)
from domain.rating_scale import USUAL_SCALE, Origin, RatingScale
from settings.models import CrawlSettings
from sources.base import ReviewSource, SourceSpec
from sources.registry import open_source

ROWS = [{"id": f"r{n}", "text": f"글 {n}", "rating": n % 10 + 1} for n in range(40)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "t.jsonl", jsonl(ROWS))


def test_the_identity_is_the_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    identity = source(Path("link/../real/키보드 리뷰.jsonl.gz")).identity
    assert identity.source == "file"
    assert identity.external_key == str((tmp_path / "real/키보드 리뷰.jsonl.gz").resolve())
    assert identity.provisional_name == "키보드 리뷰"
    assert source(tmp_path / "link/키보드 리뷰.jsonl.gz").identity == identity


def test_the_scale_is_found_and_carried(path: Path) -> None:
    whole = read(path, batch_rows=10)
    assert whole.reviews[9].rating == 5.0
    assert whole.batches[0].cursor["rating_max"] == 10.0
    assert read(path, {**whole.batches[0].cursor, "rating_max": 100.0}).reviews[9].rating == 1.4


def test_a_scale_that_was_given_is_used(path: Path) -> None:
    whole = read(path, rating_max=5)
    assert {record.reason for record in whole.rejected} == {"rating_out_of_range"}
    assert len(whole.rejected) == len(ROWS) // 2


def test_a_stray_in_a_small_file_moves_nobody(tmp_path: Path) -> None:
    rows = [{"text": f"글 {n}", "rating": r} for n, r in enumerate((1, 77, 2, "3,5", 4, 5))]
    whole = read(write(tmp_path / "t.jsonl", jsonl(rows)))
    assert [review.rating for review in whole.reviews] == [1, 2, 3.5, 4, 5]
    assert whole.reasons == [("rating_out_of_range", "line 2")]


def test_the_scale_is_told_with_every_batch_and_after_a_resume(path: Path) -> None:
    whole = read(path, batch_rows=10)
    found = RatingScale(1, 10, Origin.FOUND)
    assert [batch.rating_scale for batch in whole.batches] == [found] * 4
    rest = read(path, stored(whole.batches[0].cursor), batch_rows=10)
    assert [batch.rating_scale for batch in rest.batches] == [found] * 3
    given = read(path, rating_max=5)
    assert given.last.rating_scale == RatingScale(1, 5, Origin.GIVEN)


def test_a_file_without_ratings_tells_no_scale(tmp_path: Path) -> None:
    bare = write(tmp_path / "t.jsonl", jsonl([{"text": "a"}, {"text": "b"}]))
    assert read(bare, rating_max=10).last.rating_scale is None
    empty = write(tmp_path / "u.jsonl", jsonl([{"text": "a", "rating": None}]))
    assert read(empty).last.rating_scale is None


def test_ratings_that_come_late_are_read_on_the_usual_scale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.files.SCALE_ROWS", 1000)
    rows = [{"text": f"글 {n}", "rating": None} for n in range(1000)]
    rows.append({"text": "끝", "rating": 4})
    whole = read(write(tmp_path / "t.jsonl", jsonl(rows)), batch_rows=1000)
    assert whole.reviews[-1].rating == 4
    assert [batch.rating_scale for batch in whole.batches] == [None, USUAL_SCALE]


def sorted_points(folder: Path, name: str, counts: Mapping[float, int]) -> Path:
    """Write a file sorted by rating, with so many rows of each."""
    ratings = [rating for rating, count in counts.items() for _ in range(count)]
    path = folder / name
    if path.suffix == ".parquet":
        texts = [f"글 {number}" for number in range(len(ratings))]
        pq.write_table(pa.table({"text": texts, "rating": ratings}), path)
        return path
    if "csv" in name:
        lines = [f'"글, {number}",{rating}\n' for number, rating in enumerate(ratings)]
        return write(path, "".join(["text,rating\n", *lines]))
    rows = ({"text": f"글 {number}", "rating": rating} for number, rating in enumerate(ratings))
    return write(path, jsonl(rows))


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.jsonl", "t.jsonl.gz", "t.parquet"])
def test_a_file_sorted_by_rating_is_read_on_its_own_scale(tmp_path: Path, name: str) -> None:
    path = sorted_points(tmp_path, name, dict.fromkeys(range(1, 11), 400))
    whole = read(path)
    assert whole.rejected == []
    assert (len(whole.reviews), whole.reviews[-1].rating) == (4000, 5.0)
    assert whole.last.rating_scale == RatingScale(1, 10, Origin.FOUND)
    # The scale is looked for once: a resumed reading has that of its cursor.
    rest = read(path, stored({**whole.batches[0].cursor, "rating_max": 100.0}))
    assert rest.reviews[-1].rating == 1.4


def test_ratings_beyond_the_scale_behind_what_was_looked_at_stop_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.files.SCALE_ROWS", 1000)
    path = sorted_points(tmp_path, "t.jsonl", {4: 1100, 9: 400, 4.5: 500})
    whole = read(path, batch_rows=200)
    assert (whole.last.stopped_by, whole.last.done) == ("rating_scale", True)
    assert len(whole.reviews) == 1100
    (refusal,) = whole.last.refusals
    assert "100 of the last 200 ratings up to line 1,200 are beyond the scale of 1 to 5" in (
        refusal.message
    )
    assert "--rating-max" in refusal.message
    rest = read(path, stored(whole.batches[4].cursor), batch_rows=200)
    assert (rest.batches, len(rest.reviews)) == (whole.batches[5:], 100)
    # Whoever says the scale gets all of the file.
    given = read(path, batch_rows=200, rating_max=10)
    assert (len(given.reviews), given.last.stopped_by) == (2000, None)
    narrow = read(path, batch_rows=200, rating_max=5)
    assert (len(narrow.reviews), narrow.last.stopped_by) == (1600, None)


def test_strays_behind_what_was_looked_at_do_not_stop_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.files.SCALE_ROWS", 1000)
    path = sorted_points(tmp_path, "t.jsonl", {4: 1100, 9: 19, 5: 400})
    whole = read(path, batch_rows=200)
    assert (len(whole.reviews), len(whole.rejected)) == (1500, 19)
    assert whole.last.stopped_by is None


@pytest.mark.parametrize("batch_rows", [1, 7, 20, 40, 41])
def test_batches_are_as_large_as_set(path: Path, batch_rows: int) -> None:
    whole = read(path, batch_rows=batch_rows)
    assert [len(batch.reviews) for batch in whole.batches[:-1]] == [batch_rows] * (
        len(whole.batches) - 1
    )
    assert len(whole.reviews) == len(ROWS)
    assert whole.last.stopped_by is None


def test_the_last_cursor_gives_an_empty_end(path: Path) -> None:
    again = read(path, stored(read(path).last.cursor))
    assert [(batch.reviews, batch.done) for batch in again.batches] == [((), True)]


@pytest.mark.parametrize(
    ("limits", "expected", "stopped"),
    [
        ({"limit": 15}, 15, "max_reviews"),
        ({"max_reviews": 12}, 12, "max_reviews"),
        ({"limit": 30, "max_reviews": 3}, 3, "max_reviews"),
        ({"limit": 40}, 40, None),
        ({"limit": 4000}, 40, None),
    ],
)
def test_the_smaller_limit_stops_reading(
    path: Path, limits: dict[str, int], expected: int, stopped: str | None
) -> None:
    whole = read(path, batch_rows=4, **limits)
    assert len(whole.reviews) == expected
    assert whole.last.stopped_by == stopped
    assert source(path, **limits).expected_reviews() == expected
    for index, batch in enumerate(whole.batches):
        rest = read(path, stored(batch.cursor), batch_rows=4, **limits)
        seen = sum(len(earlier.reviews) for earlier in whole.batches[: index + 1])
        assert len(rest.reviews) == expected - seen
        assert rest.last.stopped_by == stopped


def test_an_id_twice_in_a_batch_is_refused_with_its_row(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "text": "a"},
        {"id": 1, "text": "a"},
        {"id": 2, "text": "b"},
        {"id": 1, "text": "c"},
    ]
    whole = read(write(tmp_path / "t.jsonl", jsonl(rows)))
    assert whole.texts == ["a", "b"]
    assert whole.reasons == [("duplicate_id", "line 2"), ("duplicate_id", "line 4")]
    assert whole.rejected[1].record == rows[3]


def test_reviews_without_an_id_are_the_same_if_all_else_is(tmp_path: Path) -> None:
    rows = [{"text": "a", "rating": 5}, {"text": "a", "rating": 5}, {"text": "a", "rating": 4}]
    whole = read(write(tmp_path / "t.jsonl", jsonl(rows)))
    assert [review.rating for review in whole.reviews] == [5.0, 4.0]
    assert whole.rejected[0].message == "line 2: the same text, rating and date as an earlier row"


def test_an_id_twice_in_the_file_is_passed_on(tmp_path: Path) -> None:
    rows = [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]
    assert read(write(tmp_path / "t.jsonl", jsonl(rows)), batch_rows=1).texts == ["a", "b"]


def test_a_file_that_grew_is_read_on(path: Path) -> None:
    cursor = stored(read(path).last.cursor)
    with path.open("a") as stream:
        stream.write(jsonl([{"id": "new", "text": "later"}]))
    assert read(path, cursor).texts == ["later"]


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.jsonl.gz", "t.csv.gz"])
def test_the_estimate_is_near(tmp_path: Path, name: str) -> None:
    rows = [{"id": n, "text": "가나다라마바사 " * (n % 9), "rating": 3} for n in range(20_000)]
    lines = ["id,text,rating", *(f"{r['id']},{r['text']},3" for r in rows)]
    path = write(tmp_path / name, "\n".join(lines) if "csv" in name else jsonl(rows))
    estimate = source(path).expected_reviews()
    assert estimate is not None
    assert 15_000 < estimate < 25_000


def test_the_estimate_of_a_small_file_is_exact(tmp_path: Path) -> None:
    small = jsonl(ROWS).removesuffix("\n")
    assert source(write(tmp_path / "a.jsonl", small)).expected_reviews() == len(ROWS)
    assert source(write(tmp_path / "a.jsonl.gz", small)).expected_reviews() == len(ROWS)
    assert source(write(tmp_path / "a.csv", "id,text\n1,a\n2,b")).expected_reviews() == 2


@pytest.mark.parametrize("name", ["reviews", "reviews.txt", "reviews.dump.gz"])
def test_the_content_decides_where_the_name_does_not(tmp_path: Path, name: str) -> None:
    assert len(read(write(tmp_path / name, jsonl(ROWS))).reviews) == len(ROWS)
    assert read(write(tmp_path / name, "id,text\n1,a\n")).texts == ["a"]


def test_columns_are_mapped_as_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b,c\n1,글,4\n")
    whole = read(path, columns={"review_id": "a", "text": "b", "rating": "C"})
    assert [(r.review_id, r.text, r.rating) for r in whole.reviews] == [("1", "글", 4.0)]
    with pytest.raises(ColumnMissing, match="'nope'"):
        list(source(path, columns={"text": "nope"}).batches(None))


def test_nothing_stays_open_when_reading_stops_early(path: Path) -> None:
    process = psutil.Process()
    before = len(process.open_files())
    batches = source(path, batch_rows=1).batches(None)
    next(batches)
    assert len(process.open_files()) == before + 1
    batches.close()
    assert len(process.open_files()) == before


def test_the_registry_opens_files(path: Path) -> None:
    opened: ReviewSource = open_source(SourceSpec(str(path)), CrawlSettings())
    assert opened.identity.source == "file"
    with pytest.raises(AddressRefused, match="ftp"):
        open_source(SourceSpec("ftp://example.com/a.csv"), CrawlSettings())
    with pytest.raises(InvalidRequest):
        open_source(SourceSpec(str(path), rating_max=1), CrawlSettings())


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.gz", "t.csv"])
def test_memory_holds_a_batch_and_never_the_file(tmp_path: Path, name: str) -> None:
    rows = [{"id": n, "text": f"글 {n}", "rest": "x" * 30_000} for n in range(1000)]
    lines = "id,text,rest\n" + "".join(f"{r['id']},{r['text']},{r['rest']}\n" for r in rows)
    path = write(tmp_path / name, lines if name.endswith("csv") else jsonl(rows))
    del rows, lines
    tracemalloc.start()
    try:
        seen = sum(len(batch.reviews) for batch in source(path, batch_rows=200).batches(None))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == 1000
    assert peak < 5_000_000
