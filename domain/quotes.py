"""The best few quotes of many, kept without keeping the many."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterable, Sequence
from typing import Any

from domain.cards import Evidence

#: Strength (negated: the strongest sorts first), text, review_id, start, end.
_Row = tuple[int, str, str, int, int]

#: A longer span is hard to read as a quote; it counts, but is not shown.
MAX_QUOTE_CHARS = 160
MIN_QUOTE_CHARS = 4
#: Quotes shown of those kept.
SHOWN = 5
#: From this likeness (shared pairs of characters, 0..1) two quotes say the same.
SAME = 0.5
#: How much of a candidate's worth is to be unlike those chosen; the rest is its strength.
UNLIKENESS = 0.5

#: What makes no other text: signs, digits, and the single letters of laughing and crying.
_TRIMMINGS = re.compile(r"[\W\d_ㄱ-ㅣ]+")


def _core(text: str) -> str:
    """Return the letters of a text: what two quotes are the same by."""
    return _TRIMMINGS.sub("", text) or text


class BestQuotes:
    """The `most` strongest quotes with distinct letters.

    Of equals the one that sorts first stays, so the outcome depends on what was offered and
    never on the order.
    """

    __slots__ = ("_cores", "_most", "_rows", "_weakest")

    def __init__(self, most: int) -> None:
        self._most = most
        #: Sorted.
        self._rows: list[_Row] = []
        self._cores: dict[str, _Row] = {}
        self._weakest: _Row | None = None

    def offer(self, strength: int, review_id: str, evidence: Evidence) -> None:
        """Keep the quote if it is among the best."""
        # Most offers are weaker than all that is kept: one comparison for those.
        weakest = self._weakest
        if weakest is not None and -strength > weakest[0]:
            return
        text = evidence.text
        if MIN_QUOTE_CHARS <= len(text) <= MAX_QUOTE_CHARS:
            self._insert((-strength, text, review_id, evidence.start, evidence.end))

    def _insert(self, row: _Row) -> None:
        if self._weakest is not None and row >= self._weakest:
            return
        rows, core = self._rows, _core(row[1])
        same = self._cores.get(core)
        if same is not None:
            if same <= row:
                return
            rows.remove(same)
        self._cores[core] = row
        insort(rows, row)
        if len(rows) > self._most:
            del self._cores[_core(rows.pop()[1])]
        self._weakest = rows[-1] if len(rows) == self._most else None

    def merge(self, other: BestQuotes) -> None:
        """Offer all that the other kept."""
        for row in other._rows:
            self._insert(row)

    def to_state(self) -> list[list[Any]]:
        """Return the rows, strongest first, JSON-able."""
        return [list(row) for row in self._rows]

    @classmethod
    def from_state(cls, most: int, rows: Iterable[Iterable[Any]]) -> BestQuotes:
        """Return what `to_state` wrote."""
        quotes = cls(most)
        for strength, text, review_id, start, end in rows:
            quotes._insert((strength, text, review_id, start, end))
        return quotes

    def listed(self, most: int = SHOWN) -> list[dict[str, Any]]:
        """Return the quotes for a result: strong, and unlike each other; the strongest first."""
        return [
            {"text": text, "review_id": review_id, "start": start, "end": end}
            for _, text, review_id, start, end in _chosen(self._rows, most)
        ]


def _chosen(rows: Sequence[_Row], most: int) -> list[_Row]:
    """Return up to `most` rows, each the best by strength less likeness to those before.

    No two say the same. A review is quoted twice only where no other is left to quote.
    """
    pairs = {row: _pairs(row[1]) for row in rows}
    # How like a row is to the chosen one it is most like.
    likeness = dict.fromkeys(rows, 0.0)
    chosen: list[_Row] = []
    reviews: set[str] = set()
    strongest = max((-row[0] for row in rows), default=0) or 1
    while len(chosen) < most and likeness:
        fresh = [row for row in likeness if row[2] not in reviews] or list(likeness)
        best = min(
            fresh,
            key=lambda row: (
                UNLIKENESS * likeness[row] + (1 - UNLIKENESS) * row[0] / strongest,
                row,
            ),
        )
        chosen.append(best)
        reviews.add(best[2])
        likeness = {
            row: found
            for row, known in likeness.items()
            if row != best and (found := max(known, _alike(pairs[row], pairs[best]))) < SAME
        }
    return chosen


def _pairs(text: str) -> frozenset[str]:
    letters = _core(text)
    return frozenset(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))


def _alike(some: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of the shorter one's pairs that the longer has too."""
    return len(some & others) / min(len(some), len(others))
