"""What to analyse, as the command line gives it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from domain.errors import FileUnreadable, InvalidRequest
from domain.rating_scale import given_scale
from sources.base import SourceSpec


@dataclass(frozen=True, slots=True)
class Order:
    """What to analyse: a location, or with `task_id` an analysis to go on with."""

    flow: ClassVar[str] = "analyze-product"
    location: str = ""
    task_id: str | None = None
    key: str | None = None
    columns: Mapping[str, str] | None = None
    rating_max: float | None = None
    encoding: str | None = None
    max_reviews: int | None = None

    @property
    def spec(self) -> dict[str, Any] | None:
        """What is asked for; None of an analysis to go on with."""
        if self.task_id is not None:
            return None
        return {
            "location": self.location,
            "columns": dict(self.columns) if self.columns else None,
            "rating_max": self.rating_max,
            "encoding": self.encoding,
            "max_reviews": self.max_reviews,
        }

    def parameters(self, key: str) -> dict[str, Any]:
        """Return the parameters of the flow."""
        asked = self.spec
        if asked is None:
            return {"task_id": self.task_id}
        return {**asked, "idempotency_key": key}


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A product, by its id and address, whose cards are to be made anew from its stored reviews."""

    product_id: str
    location: str
    force: bool = False
    key: str | None = None
    flow: ClassVar[str] = "reanalyze"
    #: Going on with one that was interrupted is an `Order` with its task_id.
    task_id: ClassVar[None] = None

    @property
    def spec(self) -> dict[str, Any]:
        """What is asked for."""
        return SourceSpec(self.location, stored=True).to_state()

    def parameters(self, key: str) -> dict[str, Any]:
        """Return the parameters of the flow."""
        return {"product": self.product_id, "force": self.force, "idempotency_key": key}


def checked_rating_max(typed: float | None) -> float | None:
    """Return the best rating of a scale as it was typed, before anything is started with it.

    Raises:
        InvalidRequest: no scale has it.
    """
    return None if typed is None else given_scale(typed).best


def whole_location(typed: str) -> str:
    """Return the location for the flow: a file by its whole path, that a resumed run finds too.

    Raises:
        InvalidRequest: an address that no page can have.
        FileUnreadable: as `readable_file`.
    """
    return _address(typed.strip()) if "://" in typed else str(readable_file(typed))


def _address(typed: str) -> str:
    scheme = typed.partition("://")[0]
    if scheme.lower() not in {"http", "https"}:
        error = InvalidRequest(f"{typed[:200]}: {scheme[:40]}:// addresses are not read")
        error.add_note("an address begins with https:// or http://; of a file give the path")
        raise error
    try:
        host = urlsplit(typed).hostname
    except ValueError:
        host = None
    if not host:
        error = InvalidRequest(f"{typed[:200]}: this address has no host")
        error.add_note("give the whole address of a page, as https://shop.example/products/123")
        raise error
    return typed


def readable_file(typed: str) -> Path:
    """Return the whole path of a file that is there to be read.

    Raises:
        FileUnreadable: it is not there, a folder, or not ours to read.
    """
    path = Path(typed).expanduser()
    if not path.exists():
        problem, hint = "no such file", "check the path; a web address begins with https://"
    elif path.is_dir():
        problem, hint = "this is a folder", "give the path of a file in it"
    elif not os.access(path, os.R_OK):
        problem, hint = "no permission to read it", "its owner can give it: chmod a+r"
    else:
        return path.resolve()
    error = FileUnreadable(f"{typed[:200]}: {problem}")
    error.add_note(hint)
    raise error


def parse_columns(pairs: list[str]) -> dict[str, str] | None:
    """Return `text=내용` … as a mapping of our field to the file's column.

    An empty column means that the field is not read; a text always is.

    Raises:
        InvalidRequest: a pair of another form, or of a field we do not have.
    """
    fields = ("review_id", "text", "rating", "created_at")
    columns: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or field not in fields or not (column or field != "text"):
            known = ", ".join(fields)
            raise InvalidRequest(f"--column {pair!r}: give FIELD=COLUMN, with FIELD of {known}")
        columns[field] = column
    return columns or None
