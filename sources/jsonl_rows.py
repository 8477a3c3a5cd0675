"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any

import orjson

from domain.errors import FileUnreadable
from domain.rejections import RecordRefused, Rejected, RejectReason
from sources.columns import FIELDS, map_columns
from sources.file_lines import LongLine
from sources.file_rows import (
    MAX_KEPT_BYTES,
    SAMPLE_BYTES,
    SAMPLE_ROWS,
    Layout,
    Place,
    Row,
    first_part,
)
from sources.text_file import TextFile, line_encoding

#: More brackets than this may be nested deeper than a store takes: kept as text.
_MANY_BRACKETS = 60


class JsonlRows:
    """Reads the lines of one file."""

    unit = "line"

    def __init__(self, file: TextFile, encoding: str | None) -> None:
        self._file = file
        self._asked = encoding

    def layout(self, wanted: Mapping[str, str] | None) -> Layout:
        """Decide the encoding, and the keys by those of the first records."""
        encoding = self._file.encoding(self._asked)
        columns = map_columns(self._keys(encoding), wanted, file_name=self._file.path.name)
        return Layout(columns, encoding)

    def rows(self, layout: Layout, place: Place) -> Generator[Row | Rejected | None]:
        """Yield one row a line; a line that is no record is rejected by its number."""
        keys = tuple(layout.columns.get(field) for field in FIELDS)
        encoding = line_encoding(layout.encoding or "utf-8")
        with self._file.lines(layout.encoding or "utf-8", place.offset) as lines:
            while (line := lines.read()) is not None:
                place.row += 1
                place.offset = lines.offset
                yield None if line.isspace() else _row(line, place.row, keys, encoding)
            place.ended = lines.ended

    def keep(self, raw: Any) -> Any:
        """Return the record as it is if a store can hold it, else the line's first part."""
        record, line, encoding = raw
        brackets = line.count(b"{") + line.count(b"[")
        if len(line) > MAX_KEPT_BYTES or brackets > _MANY_BRACKETS:
            return first_part(line, encoding)
        return record

    def exact_count(self) -> None:
        """Return None: a file of lines does not say."""

    def estimated_count(self) -> int:
        """Guess by the lines of the first 64 kB."""
        return self._file.line_estimate()

    def _keys(self, encoding: str) -> list[str]:
        """Return the keys of the first records, in order of appearance."""
        keys: dict[str, None] = {}
        number, records, narrow = 0, 0, line_encoding(encoding)
        with self._file.lines(encoding, 0) as lines:
            while number < SAMPLE_ROWS and lines.offset < SAMPLE_BYTES and (line := lines.read()):
                number += 1
                try:
                    keys.update((str(key), None) for key in _record(line, narrow))
                except RecordRefused:
                    continue
                records += 1
        if not records:
            raise FileUnreadable(
                f"{self._file.path} has no JSON object in its first {number} lines; "
                "JSON Lines has one object a line, and no list around them"
            )
        return list(keys)


def _row(line: bytes, number: int, keys: tuple[str | None, ...], encoding: str) -> Row | Rejected:
    try:
        record = _record(line, encoding)
    except RecordRefused as refused:
        where = f"line {number}"
        return Rejected(
            refused.reason, f"{where}: {refused}", where, first_part(line.rstrip(), encoding)
        )
    review_id, text, rating, created_at = map(record.get, keys)
    if type(review_id) is float:
        # The quick parser makes floats of integers over 64 bits: two ids could become one.
        review_id = json.loads(line.decode(encoding)).get(keys[0])
    return Row(number, review_id, text, rating, created_at, (record, line, encoding))


def _record(line: bytes, encoding: str) -> dict[str | None, Any]:
    """Return the object of a line.

    Raises:
        RecordRefused: too long, undecodable, not JSON, or not an object.
    """
    if type(line) is LongLine:
        message = f"over {len(line):,} bytes long"
        raise RecordRefused(RejectReason.TEXT_TOO_LONG, message)
    try:
        record = orjson.loads(line if encoding == "utf-8" else line.decode(encoding))
    except ValueError:
        record = _patient_record(line, encoding)
    if type(record) is not dict:
        message = f"a JSON {_JSON_NAMES[type(record)]} and not an object"
        raise RecordRefused(RejectReason.NOT_A_RECORD, message)
    return record


def _patient_record(line: bytes, encoding: str) -> Any:
    """Parse what the quick parser refuses: NaN, lone surrogates, deep nesting."""
    try:
        return json.loads(line.decode(encoding))
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not {encoding}"
        raise RecordRefused(RejectReason.UNDECODABLE, message) from None
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at character {error.pos + 1}"
        raise RecordRefused(RejectReason.BROKEN_JSON, message) from None
    except ValueError:
        message = "a number has thousands of digits"
        raise RecordRefused(RejectReason.BROKEN_JSON, message) from None
    except RecursionError:
        message = "nested too deeply"
        raise RecordRefused(RejectReason.BROKEN_JSON, message) from None


_JSON_NAMES = {
    list: "list",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
