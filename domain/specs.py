"""What a request asks for, in one form, and in what two of them differ."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: The order in which fields are told; those of later releases come behind.
_ORDER = ("location", "columns", "rating_max", "encoding", "max_reviews", "stored")
MAX_TOLD_CHARS = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two requests fill differently; None: left to us, or without a bound."""

    field: str
    #: What the request that is there has.
    present: Any
    #: What is asked for now.
    asked: Any

    def to_state(self) -> dict[str, Any]:
        """Return the difference as a JSON-able document."""
        return {"field": self.field, "present": self.present, "asked": self.asked}


def canonical(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's words in the one form in which they are kept and compared.

    An empty field is None, a location has no blanks around it, an encoding has its plain name.
    """
    words: dict[str, Any] = dict(spec)
    if words.get("location") is not None:
        words["location"] = words["location"].strip()
    # After the blanks are gone: a location of nothing else is empty too.
    words = {name: None if value in ("", {}) else value for name, value in words.items()}
    if words.get("encoding") is not None:
        words["encoding"] = _plain_encoding(words["encoding"])
    if words.get("columns") is not None:
        words["columns"] = dict(words["columns"])
    return words


def _plain_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        # Not one at all: whoever reads the source says so.
        return name


def differences(present: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the fields in which what is asked differs from what is there.

    A field that one of them lacks counts as left empty: it is of another release.
    """
    there, wanted = canonical(present), canonical(asked)
    names = [*_ORDER, *sorted((there.keys() | wanted.keys()) - set(_ORDER))]
    return tuple(
        Difference(name, there.get(name), wanted.get(name))
        for name in names
        if there.get(name) != wanted.get(name)
    )


def told_as_change(found: Iterable[Difference]) -> str:
    """Return differences as "max_reviews was 10, now 30; …"."""
    return "; ".join(
        f"{each.field} was {_shown(each.present)}, now {_shown(each.asked)}" for each in found
    )


def told_as_choice(found: Iterable[Difference]) -> str:
    """Return differences as "max_reviews=10, not 30; …"."""
    return "; ".join(
        f"{each.field}={_shown(each.present)}, not {_shown(each.asked)}" for each in found
    )


def _shown(value: Any) -> str:
    if value is None:
        return "unset"
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{name}: {value[name]}" for name in sorted(value)) + "}"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= MAX_TOLD_CHARS else text[: MAX_TOLD_CHARS - 1] + "…"
