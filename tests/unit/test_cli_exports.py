"""Exports: the form by the name, the rows back as they were, the file whole or not there."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import test_report_sample as sample
from hypothesis import given
from hypothesis import strategies as st

from cli.exports.formats import BATCH, Form, What, target_of, write_rows
from cli.exports.rows import CARD_COLUMNS, flat, named, readable
from cli.exports.whole_file import whole_file
from domain.cards import AnalysisFailure, FailureReason
from domain.errors import InvalidRequest
from storage.mongo.emotion_cards import card_document, failure_document

NOW = datetime(2026, 3, 3, 5, 12, 44, 120_000, tzinfo=UTC)


def stored(count: int) -> Iterator[dict[str, Any]]:
    """Yield cards as MongoDB keeps them, and a failure record behind them."""
    for card in sample.typical_cards(count):
        document = card_document(card, NOW)
        # MongoDB keeps milliseconds.
        document["reviewed_at"] = document["reviewed_at"].replace(microsecond=609_000)
        yield named(document)
    failure = failure_document(
        task_id="t-1",
        product_id="p-1",
        review_id="r-x",
        content_hash="00" * 16,
        analyzer_version="lexicon-1",
        failure=AnalysisFailure(FailureReason.EMPTY_TEXT, 'no "text",\nat all'),
        now=NOW,
    )
    yield named(failure)


def exported(name: str, rows: Iterator[dict[str, Any]], what: What = What.CARDS) -> bytes:
    file = io.BytesIO()
    write_rows(file, target_of(Path(name)), what, rows)
    assert not file.closed
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "form", "gzipped"),
    [
        ("a.jsonl", Form.JSONL, False),
        ("a.JSONL.GZ", Form.JSONL, True),
        ("my.cards.csv", Form.CSV, False),
        ("a.csv.gz", Form.CSV, True),
        ("a.parquet", Form.PARQUET, False),
    ],
)
def test_the_name_tells_the_form(name: str, form: Form, gzipped: bool) -> None:
    target = target_of(Path(name))
    assert (target.form, target.gzipped) == (form, gzipped)


@pytest.mark.parametrize("name", ["a", "a.txt", "a.gz", "a.xlsx", "a.parquet.gz", ".csv"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidRequest):
        target_of(Path(name))


def test_json_lines_keep_every_field() -> None:
    rows = list(stored(5))
    back = [json.loads(line) for line in exported("a.jsonl", iter(rows)).decode().splitlines()]
    assert len(back) == 6
    assert back[0]["emotions"] == rows[0]["emotions"]
    assert back[0]["headline"] == rows[0]["headline"]
    assert back[0]["created_at"] == NOW.isoformat()
    assert back[-1]["failure"]["reason"] == "empty_text"


def test_the_same_rows_give_the_same_gzip_bytes() -> None:
    first, second = (exported("a.jsonl.gz", stored(50)) for _ in range(2))
    assert first == second
    assert gzip.decompress(first) == exported("a.jsonl", stored(50))


def test_csv_has_one_value_a_column_and_survives_quotes_and_lines() -> None:
    text = exported("a.csv", stored(5)).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == CARD_COLUMNS
    card = next(stored(1))
    assert float(rows[0]["emotion_joy"]) == card["emotions"][0]["score"]
    assert json.loads(rows[0]["aspects"]) == card["aspects"]
    assert rows[-1]["failure_message"] == 'no "text",\nat all'
    assert rows[-1]["emotion_joy"] == ""


def test_every_column_of_a_stored_row_has_its_place_in_csv() -> None:
    for row in stored(3):
        assert set(flat(row)) <= set(CARD_COLUMNS)


def test_parquet_gives_the_rows_back_over_several_batches() -> None:
    rows = list(stored(2 * BATCH + 1))
    table = pq.read_table(io.BytesIO(exported("a.parquet", iter(rows))))
    assert table.num_rows == len(rows)
    back = table.to_pylist()
    for before, after in zip(rows, back, strict=True):
        assert {name: after[name] for name in before} == before


def test_quarantine_rows_can_have_every_form() -> None:
    row = {"reason": "broken_json", "message": "m", "where": "row 17", "record": '"\\u0000"'}
    assert json.loads(exported("q.jsonl", iter([row]), What.QUARANTINE)) == row
    text = exported("q.csv", iter([row]), What.QUARANTINE).decode()
    assert list(csv.DictReader(io.StringIO(text))) == [row]
    table = pq.read_table(io.BytesIO(exported("q.parquet", iter([row]), What.QUARANTINE)))
    assert table.to_pylist() == [row]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula_to_a_spreadsheet(start: str) -> None:
    evil = f"{start}HYPERLINK(A1)"
    row = next(stored(1)) | {"review_id": evil, "polarity": -0.5}
    text = exported("a.csv", iter([row])).decode()
    [back] = csv.DictReader(io.StringIO(text, newline=""))
    assert back["review_id"] == f"'{evil}"
    assert float(back["polarity"]) == -0.5
    # Programs read the other forms: there it stays as the shop gave it.
    assert json.loads(exported("a.jsonl", iter([row])))["review_id"] == evil
    table = pq.read_table(io.BytesIO(exported("a.parquet", iter([row]))))
    assert table.to_pylist()[0]["review_id"] == evil


def test_a_quarantined_record_is_guarded_too() -> None:
    row = {"reason": "broken_json", "message": "=1+1", "where": "row 17", "record": "@x"}
    text = exported("q.csv", iter([row]), What.QUARANTINE).decode()
    [back] = csv.DictReader(io.StringIO(text))
    assert (back["message"], back["record"], back["where"]) == ("'=1+1", "'@x", "row 17")


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (r'{"\ubc88\ud638": "6"}', '{"번호": "6"}'),
        (r'"\ud83d\ude00"', '"😀"'),
        (r'"\ud83d \u0000 \u202e \u0022"', r'"\ud83d \u0000 \u202e \u0022"'),
        (r'"C:\\ubc88 \\\ubc88"', r'"C:\\ubc88 \\번"'),
        (r'"cut off \ubc8', r'"cut off \ubc8'),
    ],
)
def test_letters_of_a_quarantined_record_are_letters(kept: str, shown: str) -> None:
    assert readable({"record": kept, "where": "row 1"}) == {"record": shown, "where": "row 1"}


@given(st.recursive(st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_a_readable_record_means_the_same(record: Any) -> None:
    shown = readable({"record": json.dumps(record)})["record"]
    assert json.loads(shown) == record
    shown.encode("utf-8")


def test_nothing_to_export_is_a_file_without_rows() -> None:
    assert exported("a.jsonl", iter([])) == b""
    assert exported("a.csv", iter([])).decode().strip() == ",".join(CARD_COLUMNS)
    assert pq.read_table(io.BytesIO(exported("a.parquet", iter([])))).num_rows == 0


def test_a_file_that_breaks_off_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "cards.jsonl"
    path.write_text("old")

    def broken() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise TimeoutError

    with pytest.raises(TimeoutError):
        broken()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_whole_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "cards.jsonl"
    path.write_text("old")
    with whole_file(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
