"""Whether a stored result says what its cards give, results of earlier releases too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.results import RESULT_SCHEMA

#: Chosen by another rule since; each stands on a card, and those are checked by themselves.
_CHOSEN = "quotes"


def differing(stored: Mapping[str, Any], fresh: Mapping[str, Any], schema: int) -> list[str]:
    """Return the names of the groups of numbers that differ.

    Of a result of an earlier schema, what it has is compared: later schemas only add.
    """
    if schema >= RESULT_SCHEMA:
        return sorted(name for name in {*stored, *fresh} if stored.get(name) != fresh.get(name))
    return sorted(name for name in stored if not _agrees(stored[name], fresh.get(name)))


def _agrees(stored: Any, fresh: Any) -> bool:
    """Return whether all that is stored is in the fresh number, with the same value."""
    if isinstance(stored, Mapping):
        return isinstance(fresh, Mapping) and all(
            name == _CHOSEN or (name in fresh and _agrees(value, fresh[name]))
            for name, value in stored.items()
        )
    if isinstance(stored, list):
        same_length = isinstance(fresh, list) and len(stored) == len(fresh)
        return same_length and all(map(_agrees, stored, fresh))
    return bool(stored == fresh)
