"""A file of reviews, served a page at a time without being held in memory."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from demo.reviews import Scale, ShopReview, Summary
from domain.errors import ColumnMissing, FileUnreadable
from domain.rating_scale import USUAL_SCALE, find_scale, given_scale, rating_number

_GZIP_MAGIC = b"\x1f\x8b"
_EXAMPLE = '{"id": "1", "text": "좋아요", "rating": 5}'
#: A longer line is not one review.
MAX_LINE_BYTES = 16_000_000


class ReviewFile:
    """The rows of a JSON lines file (plain or gzip): id, text, rating, optional date.

    The rows go into an unnamed temporary file, uncompressed; in memory stay 16 bytes a row.
    Lines that are no JSON object cannot be served; they are counted in `unreadable`.
    """

    def __init__(
        self, path: Path, *, rating_max: float | None = None, limit: int | None = None
    ) -> None:
        """Read the file once.

        Raises:
            FileUnreadable: missing, damaged, or without a single row.
            ColumnMissing: no row has a text.
            InvalidRequest: `rating_max` is no best rating.
        """
        self.path = path
        self.unreadable = 0
        self._offsets = array("Q", [0])
        self._ratings = array("d")
        self._texts = 0
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            self._read(limit)
            self._check()
            scale = _scale_of(self._ratings, rating_max)
        except BaseException:  # nobody else can close it; raised again
            self._spool.close()
            raise
        self._summary = Summary.of(len(self), self._ratings, scale)
        self._ratings = array("d")  # only the summary needed them

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @property
    def summary(self) -> Summary:
        """What the page's head says of them; the scale is found out from the ratings."""
        return self._summary

    def slice(self, start: int, stop: int) -> Sequence[ShopReview]:
        """Return the rows start..stop (stop not included), in the file's order."""
        stop = min(stop, len(self))
        self._spool.seek(self._offsets[start])
        block = self._spool.read(self._offsets[stop] - self._offsets[start])
        return [_review_of(json.loads(line)) for line in block.split(b"\n") if line]

    def close(self) -> None:
        """Remove the temporary file."""
        self._spool.close()

    def _read(self, limit: int | None) -> None:
        for line in _lines(self.path):
            if limit is not None and len(self) >= limit:
                return
            row = _row_of(line)
            if row is None:
                self.unreadable += 1
                continue
            self._offsets.append(self._offsets[-1] + self._spool.write(line))
            self._texts += row.get("text") is not None
            rating = rating_number(row.get("rating"))
            if rating is not None:
                self._ratings.append(rating)

    def _check(self) -> None:
        if not len(self):
            raise FileUnreadable(f"{self.path}: no line is a JSON object like {_EXAMPLE}")
        if not self._texts:
            raise ColumnMissing(f'{self.path}: no row has a "text"; rows look like {_EXAMPLE}')


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if packed else raw as file:
                yield from _split(path, file)
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadable(f"{path}: {error}") from error


def _split(path: Path, file: io.BufferedIOBase) -> Iterator[bytes]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            message = f"{path}: line {number} is longer than {MAX_LINE_BYTES:,} bytes"
            raise FileUnreadable(message)
        if line.strip():
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            yield line if line.endswith(b"\n") else line + b"\n"


def _row_of(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _scale_of(ratings: Iterable[float], rating_max: float | None) -> Scale:
    found = find_scale(ratings) if rating_max is None else given_scale(rating_max)
    scale = found or USUAL_SCALE
    return Scale(scale.worst, scale.best)


def _review_of(row: dict[str, Any]) -> ShopReview:
    review_id, date, author = row.get("id"), row.get("date"), row.get("author")
    return ShopReview(
        review_id=None if review_id is None else str(review_id),
        author=author if isinstance(author, str) else None,
        text=row.get("text"),
        rating=row.get("rating"),
        date=None if date is None else str(date),
    )
