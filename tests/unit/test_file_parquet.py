"""Parquet: typed columns, an exact count, and damage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from file_reading import read, source, stored

from domain.errors import ColumnMissing, FileUnreadable, NoReviewsFound, SourceError


def parquet(tmp_path: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_the_count_is_exact_and_declared(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": [f"t{n}" for n in range(1234)]})
    assert source(path).expected_reviews() == 1234
    product = read(path).batches[0].product
    assert product is not None
    assert product.declared_reviews == 1234
    assert product.name == "t"


@pytest.mark.parametrize("group", [1, 7, 1000])
def test_reading_resumes_in_any_row_group(tmp_path: Path, group: int) -> None:
    texts = [f"글 {n}" for n in range(50)]
    path = parquet(tmp_path, {"id": range(50), "text": texts}, row_group_size=group)
    whole = read(path, batch_rows=3)
    assert whole.texts == texts
    for index, batch in enumerate(whole.batches):
        rest = read(path, stored(batch.cursor), batch_rows=3)
        assert rest.texts == texts[3 * (index + 1) :]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([date(2024, 2, 3)]), datetime(2024, 2, 3, tzinfo=UTC)),
        (pa.array([date(2024, 2, 3)], pa.date64()), datetime(2024, 2, 3, tzinfo=UTC)),
        (pa.array([1_700_000_000_123_456_789], pa.timestamp("ns")), None),
        (pa.array([1_700_000_000_123], pa.timestamp("ms", "Asia/Seoul")), None),
        (pa.array(["2024.02.03"]), datetime(2024, 2, 3, tzinfo=UTC)),
        (pa.array(["2024-02-03"]).dictionary_encode(), datetime(2024, 2, 3, tzinfo=UTC)),
    ],
)
def test_dates_of_any_type_are_moments_in_utc(
    tmp_path: Path, column: Any, expected: datetime | None
) -> None:
    path = parquet(tmp_path, {"text": ["a"], "date": column})
    moment = read(path).reviews[0].created_at
    assert moment == (expected or datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC))
    assert type(moment) is datetime


@pytest.mark.parametrize("unit", ["ms", "us"])
def test_a_moment_in_no_calendar_is_refused(tmp_path: Path, unit: str) -> None:
    moments = pa.array([2**62, -(2**62), 0], pa.timestamp(unit))
    whole = read(parquet(tmp_path, {"text": ["a", "b", "c"], "date": moments}))
    assert whole.reasons == [("date_unreadable", "row 1"), ("date_unreadable", "row 2")]
    assert whole.texts == ["c"]


@pytest.mark.parametrize(
    "texts",
    [
        pa.array(["좋아요", None]),
        pa.array(["좋아요", None], pa.large_string()),
        pa.array(["좋아요", None]).dictionary_encode(),
        pa.array(["좋아요".encode(), None], pa.binary()),
    ],
)
def test_texts_of_any_type_are_read(tmp_path: Path, texts: Any) -> None:
    assert read(parquet(tmp_path, {"text": texts})).texts == ["좋아요", ""]


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()])
def test_bytes_that_are_not_utf8_refuse_their_row(tmp_path: Path, kind: Any) -> None:
    raw = pa.array([b"fine", b"\xff\xfe", b"end"], pa.binary())
    column = pa.Array.from_buffers(kind, len(raw), raw.buffers())
    whole = read(parquet(tmp_path, {"text": column}))
    assert whole.texts == ["fine", "end"]
    assert whole.reasons == [("undecodable", "row 2")]


def test_numbers_of_any_type_are_ratings(tmp_path: Path) -> None:
    stars = pa.array([Decimal("4.5"), Decimal("1.0"), None])
    path = parquet(tmp_path, {"id": [1, 2, 3], "text": ["a", "b", "c"], "stars": stars})
    assert [review.rating for review in read(path).reviews] == [4.5, 1.0, None]


def test_a_column_of_lists_cannot_be_the_text(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": [["a"], ["b"]]})
    with pytest.raises(ColumnMissing, match="'text' holds list"):
        list(source(path).batches(None))


def test_a_large_refused_record_is_cut(tmp_path: Path) -> None:
    whole = read(parquet(tmp_path, {"text": ["가" * 100_000]}))
    assert whole.reasons == [("text_too_long", "row 1")]
    assert len(whole.rejected[0].record.encode()) <= 50_000


def test_a_table_without_rows_has_no_reviews(tmp_path: Path) -> None:
    with pytest.raises(NoReviewsFound):
        read(parquet(tmp_path, {"text": pa.array([], pa.string())}))


def test_a_file_cut_anywhere_is_unreadable(tmp_path: Path) -> None:
    raw = parquet(tmp_path, {"text": ["a", "b"]}).read_bytes()
    path = tmp_path / "cut.parquet"
    for size in range(4, len(raw) - 1, 37):
        path.write_bytes(raw[:size])
        with pytest.raises(FileUnreadable):
            list(source(path).batches(None))
        assert source(path).expected_reviews() is None


def test_damage_in_the_middle_gives_the_rows_before_it(tmp_path: Path) -> None:
    texts = [f"글 {n} " + "x" * 50 for n in range(3000)]
    path = parquet(
        tmp_path,
        {"text": texts},
        row_group_size=1000,
        use_dictionary=False,
        write_page_checksum=True,
    )
    raw = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(1).column(0)
    raw[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 0xFF
    path.write_bytes(raw)
    whole = read(path)
    assert whole.texts == texts[:1000]
    assert whole.last.stopped_by == "file_damaged"
    assert [refusal.code for refusal in whole.last.refusals] == ["file_unreadable"]


def test_another_table_under_the_same_name_is_not_mixed_in(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"text": ["글"] * 3000, "id": range(3000)})
    cursor = stored(read(path).batches[0].cursor)
    parquet(tmp_path, {"text": ["글"] * 3000, "nr": range(3000)})
    rest = read(path, cursor)
    assert rest.reviews == []
    assert rest.last.stopped_by == "file_changed"


def test_flipped_bytes_raise_nothing_but_ours(tmp_path: Path) -> None:
    raw = parquet(tmp_path, {"id": range(40), "text": ["글"] * 40, "rating": [5] * 40}).read_bytes()
    path = tmp_path / "flip.parquet"
    outcomes = set()
    for position in range(0, len(raw), 23):
        damaged = bytearray(raw)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        try:
            outcomes.add(bool(read(path).batches))
        except SourceError as error:
            outcomes.add(error.code)
    assert True in outcomes
    assert "file_unreadable" in outcomes
