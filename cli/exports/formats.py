"""The forms an export can have, by the file's name."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any

from cli.exports.rows import CARD_COLUMNS, QUARANTINE_COLUMNS, Row, flat, guarded
from domain.errors import InvalidRequest

#: Rows in memory at once.
BATCH = 1000


class What(StrEnum):
    """What can be exported of an analysis."""

    #: Cards and failure records: one row a review.
    CARDS = "cards"
    #: Records that are no reviews, with the reason.
    QUARANTINE = "quarantine"


class Form(StrEnum):
    """The form of the file."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, and how."""

    path: Path
    form: Form
    gzipped: bool


def target_of(path: Path) -> Target:
    """Return how a file of this name is written.

    Raises:
        InvalidRequest: no form we know, or Parquet, which is compressed in itself, as .gz.
    """
    suffixes = [suffix.lower().lstrip(".") for suffix in path.suffixes]
    gzipped = suffixes[-1:] == ["gz"]
    name = (suffixes[:-1] if gzipped else suffixes)[-1:]
    if not name or name[0] not in set(Form):
        raise InvalidRequest(f"{path.name}: give a name with .jsonl, .csv (.gz) or .parquet")
    form = Form(name[0])
    if gzipped and form is Form.PARQUET:
        raise InvalidRequest("Parquet is compressed in itself: leave .gz away")
    return Target(path, form, gzipped)


def write_rows(file: IO[bytes], target: Target, what: What, rows: Iterable[Row]) -> int:
    """Write rows to an open binary file, a batch in memory at a time; return how many."""
    if target.form is Form.PARQUET:
        return _write_parquet(file, what, rows)
    with _text(file, gzipped=target.gzipped) as text:
        if target.form is Form.CSV:
            columns = CARD_COLUMNS if what is What.CARDS else QUARANTINE_COLUMNS
            return _write_csv(text, columns, rows)
        return _write_jsonl(text, rows)


@contextmanager
def _text(file: IO[bytes], *, gzipped: bool) -> Iterator[IO[str]]:
    """Open text over the file; the file itself stays open."""
    # No moment and no name in the header: the same rows give the same bytes.
    body: Any = gzip.GzipFile("", "wb", fileobj=file, mtime=0) if gzipped else file
    text = io.TextIOWrapper(body, encoding="utf-8", errors="backslashreplace", newline="")
    yield text
    text.flush()
    text.detach()
    if gzipped:
        body.close()


def _write_jsonl(text: IO[str], rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        text.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
        count += 1
    return count


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _write_csv(text: IO[str], columns: Sequence[str], rows: Iterable[Row]) -> int:
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(guarded(flat(row)))
        count += 1
    return count


def _write_parquet(file: IO[bytes], what: What, rows: Iterable[Row]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from cli.exports import parquet_schemas

    schema = parquet_schemas.CARDS if what is What.CARDS else parquet_schemas.QUARANTINE
    remaining, count = iter(rows), 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(remaining, BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count
