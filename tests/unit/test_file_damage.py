"""Files that are cut, damaged, replaced, hostile, or no files at all."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest
from file_reading import jsonl, read, source, stored, write

from domain.errors import FileUnreadable, SourceUnavailable
from sources import file_lines, files
from sources.text_file import file_errors

ROWS = [{"id": f"r{n}", "text": f"글 {n}", "rating": n % 10 + 1} for n in range(40)]


def test_rows_that_are_no_reviews_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SPARE_ROWS", 100)
    path = write(tmp_path / "t.jsonl.gz", jsonl(ROWS[:1]) + "\n" * 10_000)
    whole = read(path, max_reviews=5, batch_rows=10)
    assert len(whole.reviews) == 1
    assert whole.last.stopped_by == "max_rows"
    assert whole.last.cursor["row"] < 130


def test_a_gzip_bomb_without_newlines_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lines, "MAX_SKIPPED_BYTES", 1_000_000)
    bomb = jsonl(ROWS[:2]).encode() + b"0" * 30_000_000 + b"\n" + jsonl(ROWS[2:]).encode()
    whole = read(write(tmp_path / "t.jsonl.gz", bomb))
    assert [review.review_id for review in whole.reviews] == ["r0", "r1"]
    assert whole.reasons == [("text_too_long", "line 3")]
    assert whole.last.stopped_by == "line_too_long"


def test_a_cut_gzip_gives_the_rows_before_the_cut(tmp_path: Path) -> None:
    rows = [{"id": n, "text": os.urandom(40).hex()} for n in range(2000)]
    raw = gzip.compress(jsonl(rows).encode())
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(raw[: len(raw) // 2])
    whole = read(path)
    assert 500 < len(whole.reviews) < 2000
    assert whole.texts == [row["text"] for row in rows[: len(whole.reviews)]]
    assert whole.last.stopped_by == "file_truncated"
    assert [refusal.code for refusal in whole.last.refusals] == ["file_unreadable"]
    rest = read(path, stored(whole.batches[0].cursor))
    assert rest.texts == whole.texts[500:]
    assert rest.last.stopped_by == "file_truncated"


def test_a_gzip_damaged_at_its_end_gives_its_rows(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress(jsonl(ROWS).encode()))
    raw[-6] ^= 0xFF
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(raw)
    whole = read(path)
    assert len(whole.reviews) == len(ROWS)
    assert whole.last.stopped_by == "file_damaged"


def test_a_gzip_of_several_members_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl.gz"
    path.write_bytes(b"".join(gzip.compress(jsonl([row]).encode()) for row in ROWS))
    assert len(read(path).reviews) == len(ROWS)


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.gz"])
def test_a_file_that_shrank_ends_and_says_so(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, jsonl(ROWS))
    cursor = stored(read(path, batch_rows=30).batches[0].cursor)
    write(path, jsonl(ROWS[:5]))
    rest = read(path, cursor)
    assert rest.reviews == []
    assert rest.last.stopped_by == "file_changed"
    assert rest.last.refusals


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.jsonl"])
def test_another_file_under_the_same_name_is_not_mixed_in(tmp_path: Path, name: str) -> None:
    rows = "id,text\n1,a\n2,b\n3,c\n" if "csv" in name else jsonl(ROWS)
    path = write(tmp_path / name, rows)
    cursor = stored(read(path, batch_rows=2).batches[0].cursor)
    for other in ("nr,body\n1,x\n2,y\n3,z\n", jsonl(ROWS[::-1]), None):
        path.unlink()
        if other is not None:
            write(path, other)
        rest = read(path, cursor)
        assert rest.reviews == []
        assert rest.last.stopped_by == "file_changed"
        assert len(rest.last.refusals) == 1


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("missing.csv", None, "there is no file"),
        ("empty.csv", b"", "is empty"),
        # No time in its head: every worker has to give the case the same name.
        ("empty.jsonl.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("cut.csv.gz", b"\x1f\x8b\x08", "cut off"),
        ("text.csv.gz", b"id,text\n1,a\n", "is not gzip"),
        ("text.parquet", b"id,text\n1,a\n", "is not Parquet"),
        ("magic.parquet", b"PAR1 and nothing else", "is damaged"),
        ("book.xlsx", b"PK\x03\x04....", "Excel"),
        ("book.csv", b"PK\x03\x04....", "Excel"),
        ("noise.bin", bytes(range(256)), "neither CSV"),
        ("prose.txt", b"a letter", "neither CSV"),
    ],
)
def test_files_that_are_none_are_told_in_one_line(
    tmp_path: Path, name: str, raw: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if raw is not None:
        path.write_bytes(raw)
    opened = source(path)
    assert opened.expected_reviews() is None or raw is not None
    with pytest.raises(FileUnreadable, match=message) as caught:
        list(opened.batches(None))
    assert caught.value.line == str(caught.value)


def test_folders_and_pipes_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for place in (tmp_path, tmp_path / "pipe.csv"):
        with pytest.raises(FileUnreadable, match=r"folder|regular"):
            list(source(place).batches(None))


@pytest.mark.parametrize("location", ["a\x00b.csv", "x" * 5000 + ".csv"])
def test_impossible_paths_are_unreadable(location: str) -> None:
    with pytest.raises(FileUnreadable):
        list(source(Path(location)).batches(None))


def test_a_failing_disk_is_worth_another_try(tmp_path: Path) -> None:
    class FailingDisk(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            raise OSError(5, "Input/output error")

    with io.BufferedReader(FailingDisk()) as stream:
        lines = file_lines.LineStream(stream, tmp_path / "t.csv")
        with pytest.raises(SourceUnavailable, match="Input/output error"):
            lines.read()
    with pytest.raises(SourceUnavailable), file_errors(tmp_path):
        raise OSError(24, "Too many open files")
    with pytest.raises(FileUnreadable, match="permission"), file_errors(tmp_path):
        raise PermissionError(13, "Permission denied")
