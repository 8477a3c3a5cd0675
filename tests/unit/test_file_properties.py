"""What must hold of any file at all, not only of those we thought of."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from file_reading import read, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import SourceError
from domain.reviews import clean_text

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 10**30).map(str),
            "text": st.text(max_size=60),
            "rating": st.sampled_from([1, 2, 3, 4, 5]),
        }
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda record: record["id"],
)
FORMS = ("csv", "csv.gz", "tsv", "utf16.csv", "jsonl", "jsonl.gz", "parquet")
#: What breaks tables: quotes, delimiters, line ends, and bytes of no encoding.
TABLE_BYTES = st.lists(
    st.sampled_from(
        [b'"', b",", b"\n", b"\r", b"\r\n", b"a", b"\x00", b"\xff", "가".encode(), b'","', b"1,b\n"]
    ),
    max_size=60,
).map(b"".join)
LINE_BYTES = st.lists(
    st.sampled_from(
        [b'{"text":"a"}', b"\n", b"{", b"}", b'"', b"[", b"\\ud800", b"NaN", b"\xff", b" ", b"\x00"]
    ),
    max_size=40,
).map(b"".join)


def file_of(folder: str, form: str, records: list[dict[str, Any]]) -> Path:
    path = Path(folder) / f"t.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(records), path, row_group_size=7)
        return path
    if form.startswith("jsonl"):
        raw = "".join(json.dumps(record) + "\n" for record in records).encode()
    else:
        table = io.StringIO(newline="")
        writer = csv.DictWriter(
            table, ["id", "text", "rating"], delimiter="\t" if form == "tsv" else ","
        )
        writer.writeheader()
        writer.writerows(records)
        raw = table.getvalue().encode("utf-16" if form == "utf16.csv" else "utf-8")
    path.write_bytes(gzip.compress(raw) if form.endswith(".gz") else raw)
    return path


@pytest.mark.parametrize("form", FORMS)
@given(records=RECORDS)
@settings(max_examples=40, deadline=None)
def test_what_was_written_reads_back(form: str, records: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        whole = read(file_of(folder, form, records), rating_max=5)
    assert whole.rejected == []
    assert [(r.review_id, r.text, r.rating) for r in whole.reviews] == [
        (record["id"], clean_text(record["text"])[0], float(record["rating"])) for record in records
    ]


@pytest.mark.parametrize("form", FORMS)
@given(records=RECORDS, batch_rows=st.integers(1, 9), data=st.data())
@settings(max_examples=25, deadline=None)
def test_reading_resumes_at_any_batch(
    form: str, records: list[dict[str, Any]], batch_rows: int, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = file_of(folder, form, records)
        whole = read(path, batch_rows=batch_rows)
        split = data.draw(st.integers(0, len(whole.batches) - 1))
        other = data.draw(st.integers(1, 9))
        cursor = stored(whole.batches[split].cursor)
        same = read(path, cursor, batch_rows=batch_rows)
        rest = read(path, cursor, batch_rows=other)
    after = whole.batches[split + 1 :]
    assert [b for b in same.batches if b.reviews or b.rejected] == after
    assert rest.reviews == [review for batch in after for review in batch.reviews]


@given(raw=st.one_of(st.binary(max_size=400), TABLE_BYTES), header=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_bytes_as_csv_give_rows_refusals_or_our_error(raw: bytes, header: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes((b"id,text\n" if header else b"") + raw)
        try:
            whole = read(path, batch_rows=3)
        except SourceError:
            return
        rest = read(path, stored(whole.batches[0].cursor), batch_rows=3)
    told = len(whole.reviews) + len(whole.rejected)
    blank = sum(not line.strip(b"\r\x00 ") for line in raw.split(b"\n"))
    rows = whole.last.cursor["row"] - 1
    assert told <= rows <= told + blank
    assert len(whole.texts) - len(whole.batches[0].reviews) == len(rest.texts)
    assert whole.last.cursor["encoding"].startswith("utf-16") or (
        whole.last.cursor["offset"] == len(raw) + (8 if header else 0)
    )


@given(raw=st.one_of(st.binary(max_size=400), LINE_BYTES))
@settings(max_examples=300, deadline=None)
def test_any_bytes_as_json_lines_lose_no_line(raw: bytes) -> None:
    first = b'{"text":"first"}\n'
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.jsonl"
        path.write_bytes(first + raw)
        whole = read(path, batch_rows=4)
    lines = [line for line in raw.split(b"\n") if line.strip()]
    assert len(whole.reviews) + len(whole.rejected) == 1 + len(lines)


@given(
    raw=st.binary(min_size=1, max_size=400),
    name=st.sampled_from(["t", "t.jsonl", "t.gz", "t.parquet"]),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_under_any_name_raise_nothing_but_ours(raw: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        try:
            assert read(path).batches
        except SourceError as error:
            told = error.line
        else:
            told = "read"
    assert told


@given(records=RECORDS, data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_gzip_cut_anywhere_gives_a_part_and_says_so(
    records: list[dict[str, Any]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = file_of(folder, "jsonl.gz", records)
        whole = read(path, rating_max=5)
        raw = path.read_bytes()
        path.write_bytes(raw[: data.draw(st.integers(1, len(raw) - 1))])
        try:
            part = read(path, rating_max=5)
        except SourceError as error:
            assert error.code == "file_unreadable"  # noqa: PT017 - the other outcome is below
            return
    assert part.reviews == whole.reviews[: len(part.reviews)]
    assert part.last.stopped_by == "file_truncated"
