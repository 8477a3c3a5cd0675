"""CSV and TSV: a header, then one record a row, with quotes as spreadsheets write them."""

from __future__ import annotations

import csv
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import FileUnreadable
from domain.rejections import Rejected, RejectReason
from sources.columns import FIELDS, map_columns, recognise
from sources.csv_feed import MAX_RECORD_BYTES, CsvFeed, FedLine, split_alone
from sources.file_lines import LongLine
from sources.file_rows import MAX_KEPT_BYTES, Layout, Place, Row, changed_since, first_part
from sources.text_file import TextFile, line_encoding

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    #: The offset behind it.
    end: int


class CsvRows:
    """Reads the rows of one file. Rows are counted as a spreadsheet does: the header is row 1."""

    unit = "row"

    def __init__(self, file: TextFile, encoding: str | None) -> None:
        self._file = file
        self._asked = encoding
        self._names: tuple[str, ...] = ()
        # A record is bounded by the feed. The csv module's own, smaller bound on fields would
        # refuse a row without a word on which; it is one number for the whole process.
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_RECORD_BYTES))

    def layout(self, wanted: Mapping[str, str] | None) -> Layout:
        """Decide the encoding, the delimiter and the columns by the header."""
        encoding = self._file.encoding(self._asked)
        headers = {mark: self._header(encoding, mark).names for mark in _DELIMITERS}

        def score(mark: str) -> tuple[int, int]:
            return len(recognise(headers[mark], wanted)), len(headers[mark])

        delimiter = max(_DELIMITERS, key=score)
        if not headers[delimiter]:
            raise FileUnreadable(
                f"{self._file.path} has no header in its first line; lines end in LF or CRLF"
            )
        columns = map_columns(headers[delimiter], wanted, file_name=self._file.path.name)
        return Layout(columns, encoding, delimiter)

    def rows(self, layout: Layout, place: Place) -> Generator[Row | Rejected | None]:
        """Yield one row a record; one that cannot be split as the header is rejected."""
        encoding, delimiter = layout.encoding or "utf-8", layout.delimiter or ","
        header = self._header(encoding, delimiter)
        self._names = header.names
        if not set(layout.columns.values()) <= set(header.names):
            place.ended = changed_since(self._file.path, "its header is another one")
            return
        splitter = _Splitter(header.names, layout.columns, delimiter)
        if place.row == 0:
            place.row, place.offset = 1, header.end
        with self._file.lines(encoding, place.offset) as lines:
            feed = CsvFeed(lines, line_encoding(encoding))
            yield from splitter.rows(feed, place)
            place.ended = lines.ended

    def keep(self, raw: Any) -> Any:
        """Return the row as a record of its columns, else its text."""
        text = ",".join(raw)
        if len(text) * 4 > MAX_KEPT_BYTES and len(text.encode(errors="replace")) > MAX_KEPT_BYTES:
            return first_part(text)
        if len(raw) != len(self._names) or len(set(self._names)) != len(self._names):
            return list(raw)
        return dict(zip(self._names, raw, strict=True))

    def exact_count(self) -> None:
        """Return None: a CSV file does not say."""

    def estimated_count(self) -> int:
        """Guess by the lines of the first 64 kB."""
        return max(0, self._file.line_estimate() - 1)

    def _header(self, encoding: str, delimiter: str) -> _Header:
        with self._file.lines(encoding, 0) as lines:
            feed = CsvFeed(lines, line_encoding(encoding))
            first = feed.begin()
            if first is None or type(first.data) is LongLine:
                raise FileUnreadable(f"{self._file.path} has no header that could be read")
            try:
                names = next(csv.reader(feed, delimiter=delimiter, strict=True))
            except csv.Error:
                feed.give_back()
                feed.begin()
                names = split_alone(feed.take(), delimiter) or []
            return _Header(tuple(name.strip() for name in names), feed.taken[-1].end)


class _Splitter:
    """Makes rows of lines."""

    def __init__(self, names: Sequence[str], columns: Mapping[str, str], delimiter: str) -> None:
        self._width = len(names)
        self._delimiter = delimiter
        # A field without a column reads the empty cell put behind the last one.
        found = (columns.get(field) for field in FIELDS)
        self._indexes = tuple(self._width if c is None else names.index(c) for c in found)

    def rows(self, feed: CsvFeed, place: Place) -> Generator[Row | Rejected | None]:
        """Yield what the feed has, and move the place along."""
        reader = csv.reader(feed, delimiter=self._delimiter, strict=True)
        while (first := feed.begin()) is not None:
            cells = self._cells(reader, feed, first, place)
            if len(feed.taken) > 1 and (cells is None or len(cells) != self._width):
                # A stray quote joined lines that are rows of their own: take them one by one.
                place.alone_until = feed.give_back()
                continue
            place.row += 1
            place.offset = feed.taken[-1].end
            yield self._judge(cells, feed, place.row)

    def _cells(self, reader: Any, feed: CsvFeed, first: FedLine, place: Place) -> list[str] | None:
        """Return the cells of the next record; None if it has none."""
        if type(first.data) is LongLine or first.end <= place.alone_until:
            return split_alone(feed.take(), self._delimiter)
        try:
            cells: list[str] = next(reader)
        except csv.Error:
            if len(feed.taken) > 1:
                return None
            feed.give_back()
            feed.begin()
            return split_alone(feed.take(), self._delimiter)
        return cells

    def _judge(self, cells: list[str] | None, feed: CsvFeed, number: int) -> Row | Rejected | None:
        if feed.undecodable:
            return _refuse(RejectReason.UNDECODABLE, "bytes that are not text", feed, number)
        if type(feed.taken[0].data) is LongLine:
            message = f"over {len(feed.taken[0].data):,} bytes long"
            return _refuse(RejectReason.TEXT_TOO_LONG, message, feed, number)
        if cells is None:
            message = "an open quote or a stray line end: it cannot be split into columns"
            return _refuse(RejectReason.RAGGED_ROW, message, feed, number)
        if not cells:
            return None
        if len(cells) != self._width:
            message = f"{len(cells)} columns, {self._width} expected"
            return _refuse(RejectReason.RAGGED_ROW, message, feed, number)
        at = (*cells, None)
        review_id, text, rating, created_at = (at[index] for index in self._indexes)
        return Row(number, review_id, text, rating, created_at, cells)


def _refuse(reason: RejectReason, message: str, feed: CsvFeed, number: int) -> Rejected:
    where = f"row {number}"
    line = b"".join(line.data for line in feed.taken).rstrip(b"\r\n")
    return Rejected(reason, f"{where}: {message}", where, first_part(line, feed.encoding))
