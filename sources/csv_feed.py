"""Lines on their way into the csv module, which may come back if a quote ran away."""

from __future__ import annotations

import csv
from collections import deque
from typing import NamedTuple

from sources.file_lines import LineStream, LongLine

#: A record with more lines than this has an open quote, not a long text.
MAX_RECORD_LINES = 1000
MAX_RECORD_BYTES = 4_000_000


class FedLine(NamedTuple):
    """A line and the offset behind it."""

    data: bytes
    end: int


class CsvFeed:
    """Gives the csv module decoded lines, and remembers those of the present record.

    It stops before a record grows past its limits and before a line that is itself too long.
    """

    def __init__(self, lines: LineStream, encoding: str) -> None:
        self._lines = lines
        self.encoding = encoding
        self._back: deque[FedLine] = deque()
        self._bytes = 0
        self.taken: list[FedLine] = []
        #: Whether a line of the present record had bytes that are not of the encoding.
        self.undecodable = False

    def begin(self) -> FedLine | None:
        """Start a record; return its first line without taking it, None at the end."""
        self.taken = []
        self._bytes = 0
        self.undecodable = False
        return self._peek()

    def take(self) -> str:
        """Take the line that `begin` showed, decoded."""
        line = self._back.popleft()
        self.taken.append(line)
        self._bytes += len(line.data)
        try:
            return line.data.decode(self.encoding)
        except UnicodeDecodeError:
            self.undecodable = True
            return line.data.decode(self.encoding, "backslashreplace")

    def give_back(self) -> int:
        """Put the lines of the present record back; return the offset behind them."""
        end = self.taken[-1].end
        self._back.extendleft(reversed(self.taken))
        return end

    def __iter__(self) -> CsvFeed:
        return self

    def __next__(self) -> str:
        full = len(self.taken) >= MAX_RECORD_LINES or self._bytes >= MAX_RECORD_BYTES
        line = None if full else self._peek()
        if line is None or type(line.data) is LongLine:
            raise StopIteration
        return self.take()

    def _peek(self) -> FedLine | None:
        if not self._back:
            data = self._lines.read()
            if data is None:
                return None
            self._back.append(FedLine(data, self._lines.offset))
        return self._back[0]


def split_alone(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of a line that is a whole record; None if it leaves a quote open."""
    reader = csv.reader((line, ""), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return cells if reader.line_num == 1 else None
