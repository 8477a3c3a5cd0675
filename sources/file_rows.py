"""A file's rows before they are judged, and what every reader of rows offers."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from domain.rejections import Rejected

#: A refused record is kept whole up to this size, as its first part beyond it.
MAX_KEPT_BYTES = 50_000
#: Rows looked at, at the start, to learn a file's fields.
SAMPLE_ROWS = 1000
#: … and bytes of them, should the rows be huge.
SAMPLE_BYTES = 8_000_000


class Row(NamedTuple):
    """One row as the file has it. `raw` is the whole of it, for the quarantine."""

    number: int
    review_id: object
    text: object
    rating: object
    created_at: object
    raw: Any


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a file ended before its end: a name for programs, a line for a person."""

    stopped_by: str
    message: str
    #: The file itself is to blame, and not a limit of ours.
    is_damage: bool = False


def changed_since(path: Path, how: str) -> Ending:
    """Return the ending of a file that is not the one reading began with."""
    return Ending("file_changed", f"{path} changed since reading began: {how}", is_damage=True)


@dataclass(slots=True)
class Place:
    """Where a reader stands: behind row `row` (1-based), at byte `offset` of the text.

    For gzip and UTF-16 the offset counts the bytes that the file unpacks to as UTF-8.
    """

    row: int = 0
    offset: int = 0
    #: CSV: up to this offset a quote was left open, so each line is a row by itself.
    alone_until: int = 0
    #: Set when the rows stop early; None at an honest end.
    ended: Ending | None = None

    def to_state(self) -> dict[str, Any]:
        """Return the place as part of a cursor."""
        return {"row": self.row, "offset": self.offset, "alone_until": self.alone_until}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Place:
        """Return the place that `to_state` wrote into a cursor."""
        return cls(state["row"], state["offset"], state["alone_until"])


@dataclass(frozen=True, slots=True)
class Layout:
    """What is decided at the start of a file, and stays so however often it is resumed."""

    #: Our field → the file's column.
    columns: Mapping[str, str]
    encoding: str | None = None
    delimiter: str | None = None
    rating_max: float | None = None
    #: Fingerprint of the file's first bytes, to know the file again.
    head: str = ""

    def to_state(self) -> dict[str, Any]:
        """Return the layout as part of a cursor."""
        return {
            "columns": dict(self.columns),
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "rating_max": self.rating_max,
            "head": self.head,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Layout:
        """Return the layout that `to_state` wrote into a cursor."""
        return cls(**{field.name: state[field.name] for field in fields(cls)})


class RowReader(Protocol):
    """Reads the rows of one file of one form."""

    #: What a person counts in such a file: "row" or "line".
    unit: str

    def layout(self, wanted: Mapping[str, str] | None) -> Layout:
        """Decide how the file is read; the rating's scale is left open.

        Raises:
            ColumnMissing: there is no column for the text, or not one of the `wanted`.
            FileUnreadable: the start of the file makes no sense.
        """

    def rows(self, layout: Layout, place: Place) -> Generator[Row | Rejected | None]:
        """Yield the rows behind `place`, None for an empty one, and move `place` along."""

    def keep(self, raw: Any) -> Any:
        """Return what the quarantine keeps of a row, at most `MAX_KEPT_BYTES`."""

    def exact_count(self) -> int | None:
        """Return how many rows there are where the file says so."""

    def estimated_count(self) -> int | None:
        """Return a cheap guess of how many rows there are."""


def first_part(text: str | bytes, encoding: str = "utf-8") -> str:
    """Return the first `MAX_KEPT_BYTES` of a text, unreadable bytes written as `\\xNN`."""
    data = text.encode(encoding, "replace") if isinstance(text, str) else text
    if len(data) <= MAX_KEPT_BYTES:
        return data.decode(encoding, "backslashreplace")
    # The cut may fall inside a character: its bytes would look like damage.
    return data[:MAX_KEPT_BYTES].decode(encoding, "ignore")
