"""The best few quotes of many, kept without keeping the many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.cards import Evidence

#: Strength (negated: the strongest sorts first), text, review_id, start, end.
_Row = tuple[int, str, str, int, int]

#: A longer span is hard to read as a quote; it counts, but is not shown.
MAX_QUOTE_CHARS = 160
MIN_QUOTE_CHARS = 4


class BestQuotes:
    """The `most` strongest quotes with distinct texts.

    Of equal texts the one that sorts first stays, so the outcome depends on what was offered
    and never on the order.
    """

    __slots__ = ("_most", "_rows", "_weakest")

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: list[_Row] = []
        self._weakest: _Row | None = None

    def offer(self, strength: int, review_id: str, evidence: Evidence) -> None:
        """Keep the quote if it is among the best."""
        if MIN_QUOTE_CHARS <= len(evidence.text) <= MAX_QUOTE_CHARS:
            row = (-strength, evidence.text, review_id, evidence.start, evidence.end)
            # Most offers are weaker than all that is kept: one comparison for those.
            if self._weakest is None or row < self._weakest:
                self._insert(row)

    def _insert(self, row: _Row) -> None:
        for index, kept in enumerate(self._rows):
            if kept[1] == row[1]:
                if kept <= row:
                    return
                del self._rows[index]
                break
        self._rows.append(row)
        self._rows.sort()
        del self._rows[self._most :]
        self._weakest = self._rows[-1] if len(self._rows) == self._most else None

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

    def listed(self) -> list[dict[str, Any]]:
        """Return the quotes for a result, strongest first."""
        return [
            {"text": text, "review_id": review_id, "start": start, "end": end}
            for _, text, review_id, start, end in self._rows
        ]
