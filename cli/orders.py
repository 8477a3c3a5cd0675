"""What to analyse, as the command line gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import FileUnreadable, InvalidRequest


@dataclass(frozen=True, slots=True)
class Order:
    """What to analyse: a location, or with `task_id` an analysis to go on with."""

    location: str = ""
    task_id: str | None = None
    key: str | None = None
    columns: Mapping[str, str] | None = None
    rating_max: float | None = None
    encoding: str | None = None
    max_reviews: int | None = None

    def parameters(self, key: str) -> dict[str, Any]:
        """Return the parameters of the flow."""
        if self.task_id is not None:
            return {"task_id": self.task_id}
        return {
            "location": self.location,
            "idempotency_key": key,
            "columns": dict(self.columns) if self.columns else None,
            "rating_max": self.rating_max,
            "encoding": self.encoding,
            "max_reviews": self.max_reviews,
        }


def whole_location(typed: str) -> str:
    """Return the location for the flow: a file by its whole path, that a resumed run finds too.

    Raises:
        FileUnreadable: there is no such file.
    """
    if "://" in typed:
        return typed.strip()
    path = Path(typed).expanduser()
    if not path.exists():
        raise FileUnreadable(f"{typed}: no such file (web addresses begin with https://)")
    return str(path.resolve())


def parse_columns(pairs: list[str]) -> dict[str, str] | None:
    """Return `text=내용` … as a mapping of our field to the file's column.

    Raises:
        InvalidRequest: a pair of another form, or of a field we do not have.
    """
    fields = ("review_id", "text", "rating", "created_at")
    columns: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or field not in fields or not column:
            known = ", ".join(fields)
            raise InvalidRequest(f"--column {pair!r}: give FIELD=COLUMN, with FIELD of {known}")
        columns[field] = column
    return columns or None
