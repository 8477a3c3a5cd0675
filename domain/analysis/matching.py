"""What both matchers share: the hit, the mark it leaves, and the rules for reading spellings."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Protocol

from domain.analysis.lexicon import LexiconInvalid, Term

#: What remains of a good word and of a bad one when turned.
TURNED_GOOD, TURNED_BAD = -0.8, -0.6

#: Start, end (code points, end exclusive) and the term found there.
Hit = tuple[int, int, Term]


class Mark(NamedTuple):
    """A term in its place. `value` is its feeling after all that was done to it, −1.8..1.8."""

    start: int
    end: int
    term: Term
    value: float
    turned: bool
    #: What a card quotes of it; "" where it would say what the writer does not.
    keyword: str


class Matcher(Protocol):
    """Finds the terms of one language."""

    def find(self, text: str) -> list[Hit]:
        """Return the terms of a text in order of their place, none overlapping."""


def lower(text: str) -> str:
    """Lower-case without moving an offset (one code point may lower to two)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(map(_lower_one, text))


def _lower_one(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def one_term(spelling: str, before: Term | None, term: Term) -> Term:
    """Return the term a spelling means, which may stand in a feeling and an aspect list.

    Raises:
        LexiconInvalid: two feeling words, or two aspects, share the spelling.
    """
    if before is None or before is term:
        return term
    if before.emotions and term.aspect and not term.emotions:
        return replace(before, aspect=before.aspect or term.aspect)
    raise LexiconInvalid(f"{spelling!r} is both {before.name!r} and {term.name!r}")
