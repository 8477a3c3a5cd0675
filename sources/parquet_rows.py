"""Parquet: columns with types, and a footer that knows the number of rows."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import ColumnMissing, FileUnreadable, SourceUnavailable
from domain.rejections import Rejected, RejectReason
from sources.columns import FIELDS, map_columns
from sources.file_rows import MAX_KEPT_BYTES, Ending, Layout, Place, Row, changed_since, first_part

#: Rows turned into Python values at once.
_SLICE_ROWS = 256
#: Pages are read through a buffer, so a row group of any size takes little memory.
_BUFFER_BYTES = 1 << 20
#: What the library raises for bytes that are not Parquet; names of columns may be broken too.
_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class ParquetRows:
    """Reads the rows of one file; only the columns that are mapped."""

    unit = "row"

    def __init__(self, path: Path) -> None:
        self._path = path

    def layout(self, wanted: Mapping[str, str] | None) -> Layout:
        """Decide the columns by the schema."""
        with self._open() as file:
            schema = file.schema_arrow
        columns = map_columns(schema.names, wanted, file_name=self._path.name)
        for column in columns.values():
            kind = schema.field(column).type
            if not _is_plain(kind):
                raise ColumnMissing(
                    f"{self._path.name}: column {column!r} holds {kind}, not values"
                )
        return Layout(columns)

    def rows(self, layout: Layout, place: Place) -> Generator[Row | Rejected | None]:
        """Yield the rows; damage in the middle is an early end."""
        names = [layout.columns.get(field) for field in FIELDS]
        with self._open() as file:
            if not set(layout.columns.values()) <= set(file.schema_arrow.names):
                place.ended = changed_since(self._path, "its columns are others")
                return
            try:
                for batch in _batches(file, layout.columns.values(), place.row):
                    yield from _rows(batch, names, place)
            except _DAMAGE as error:
                place.ended = self._ending(error)

    def keep(self, raw: Any) -> Any:
        """Return the mapped columns as a record, else as the first part of its JSON."""
        text = json.dumps(raw, ensure_ascii=False, default=str)
        return raw if len(text.encode(errors="replace")) <= MAX_KEPT_BYTES else first_part(text)

    def exact_count(self) -> int:
        """Return the number of rows that the footer tells."""
        with self._open() as file:
            return int(file.metadata.num_rows)

    def estimated_count(self) -> int:
        """Return the exact number; it costs the same."""
        return self.exact_count()

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        try:
            file = pq.ParquetFile(
                self._path, buffer_size=_BUFFER_BYTES, page_checksum_verification=True
            )
        except _DAMAGE as error:
            raise FileUnreadable(self._ending(error).message) from None
        with file:
            yield file

    def _ending(self, error: Exception) -> Ending:
        """Tell damage from a failing disk: only the operating system's errors have a number."""
        if isinstance(error, OSError) and error.errno is not None:
            reason = error.strerror or str(error)
            raise SourceUnavailable(f"{self._path} could not be read: {reason}") from error
        first_line = str(error).partition("\n")[0]
        message = f"{self._path} is damaged: {first_line[:200]}"
        return Ending("file_damaged", message, is_damage=True)


def _batches(file: pq.ParquetFile, columns: Any, start: int) -> Iterator[pa.RecordBatch]:
    """Yield slices of the rows behind `start`; row groups before it are not read."""
    skipped = start
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if skipped >= rows:
            skipped -= rows
            continue
        wanted = list(dict.fromkeys(columns))
        for batch in file.iter_batches(_SLICE_ROWS, row_groups=[group], columns=wanted):
            if skipped < batch.num_rows:
                yield batch.slice(skipped)
            skipped = max(0, skipped - batch.num_rows)


def _rows(batch: pa.RecordBatch, names: list[str | None], place: Place) -> Iterator[Row | Rejected]:
    found = {name: _values(batch.column(name)) for name in names if name is not None}
    nothing = [None] * batch.num_rows
    columns = [nothing if name is None else found[name] for name in names]
    for values in zip(*columns, strict=True):
        place.row += 1
        record = {name: value for name, value in zip(names, values, strict=True) if name}
        if any(type(value) is bytes for value in values):
            where = f"row {place.row}"
            message = f"{where}: bytes that are not UTF-8"
            kept = first_part(repr(record))
            yield Rejected(RejectReason.UNDECODABLE, message, where, kept)
        else:
            review_id, text, rating, created_at = values
            yield Row(place.row, review_id, text, rating, created_at, record)


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return bool(
        _is_text(kind)
        or _is_binary(kind)
        or types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_decimal(kind)
        or types.is_boolean(kind)
        or types.is_null(kind)
        or types.is_date(kind)
        or types.is_timestamp(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_binary(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def _values(column: pa.Array) -> list[Any]:
    """Return a column as Python values; bytes are only those that are not UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if _is_text(kind):
        try:
            return list(column.to_pylist())
        except UnicodeDecodeError:
            column = column.cast(pa.large_binary())
    elif pa.types.is_timestamp(kind):
        return [_moment(count, _PER_SECOND[kind.unit]) for count in _counts(column, pa.int64())]
    elif pa.types.is_date32(kind):
        return [_moment(days, 1, 86_400) for days in _counts(column, pa.int32())]
    elif pa.types.is_date64(kind):
        return [_moment(count, 1000) for count in _counts(column, pa.int64())]
    elif not _is_binary(kind):
        return list(column.to_pylist())
    return [value if value is None else _decoded(value) for value in column.to_pylist()]


def _counts(column: pa.Array, kind: pa.DataType) -> list[int | None]:
    return list(column.cast(kind).to_pylist())


def _moment(count: int | None, per_second: int, seconds: int = 1) -> datetime | str | None:
    """Return the moment so many units after 1970; as a text if no calendar has it."""
    if count is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=count * seconds * 10**6 // per_second)
    except OverflowError:
        return f"{count * seconds // per_second} seconds from 1970"


def _decoded(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
