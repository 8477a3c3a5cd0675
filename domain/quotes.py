"""The best few quotes of many, kept without keeping the many."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
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

#: Of quotes that may be variants of one sentence, so many are kept.
VARIANTS = 2

#: What makes no other text: signs, digits, and the single letters of laughing and crying.
_TRIMMINGS = re.compile(r"[\W\d_ㄱ-ㅣ]+")


#: An odd number that spreads what it multiplies over 32 bits (the golden ratio's).
_SPREAD = 0x9E37_79B1


def _core(text: str) -> str:
    """Return the letters of a text: what two quotes are the same by."""
    return _TRIMMINGS.sub("", text) or text


def _kind(core: str) -> int:
    """Return a number that two texts share as often as they are alike (a min-hash).

    It is the least of the numbers of a text's pairs of letters: of texts with three in four pairs
    in common, about three in four have the same.
    """
    units = core.encode("utf-16-le", "surrogatepass")
    # All pairs that begin at an even letter, and all at an odd one, each as one whole number.
    even, odd = len(units) // 4, (len(units) - 2) // 4
    pairs = struct.unpack_from(f"<{even}I", units) + struct.unpack_from(f"<{odd}I", units, 2)
    return min([pair * _SPREAD & 0xFFFF_FFFF for pair in pairs], default=0)


def _sense(text: str) -> tuple[str, int]:
    core = _core(text)
    return core, _kind(core)


class BestQuotes:
    """The `most` strongest quotes with distinct letters, `VARIANTS` of a kind at most.

    So one sentence said a hundred times in other words does not drive all others out. Of equals
    the one that sorts first stays: the outcome depends on what was offered, never on the order.
    """

    __slots__ = ("_known", "_limit", "_most", "_offers", "_weakest")

    def __init__(self, most: int) -> None:
        self._most = most
        #: The best of what was offered, and what has been offered since they were sorted out.
        self._offers: list[_Row] = []
        self._limit = 2 * most
        #: Core and kind of the texts that were the best when they were sorted out last.
        self._known: dict[str, tuple[str, int]] = {}
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
        if self._weakest is None or row < self._weakest:
            self._offers.append(row)
            if len(self._offers) > self._limit:
                self._offers = self.rows
                if len(self._offers) == self._most:
                    self._weakest = self._offers[-1]

    @property
    def rows(self) -> list[_Row]:
        """The best of what was offered, strongest first."""
        best: list[_Row] = []
        cores: set[str] = set()
        kinds: Counter[int] = Counter()
        known: dict[str, tuple[str, int]] = {}
        for row in sorted(self._offers):
            text = row[1]
            core, kind = self._known.get(text) or _sense(text)
            if core not in cores:
                cores.add(core)
                kinds[kind] += 1
                if kinds[kind] <= VARIANTS:
                    best.append(row)
                    known[text] = core, kind
                    if len(best) == self._most:
                        break
        self._known = known
        return best

    def merge(self, other: BestQuotes) -> None:
        """Offer all that the other kept."""
        for row in other.rows:
            self._insert(row)

    def to_state(self) -> list[list[Any]]:
        """Return the rows, strongest first, JSON-able."""
        return [list(row) for row in self.rows]

    @classmethod
    def from_state(cls, most: int, rows: Iterable[Iterable[Any]]) -> BestQuotes:
        """Return what `to_state` wrote."""
        quotes = cls(most)
        for strength, text, review_id, start, end in rows:
            quotes._insert((strength, text, review_id, start, end))
        return quotes

    def listed(self, most: int = SHOWN, doubted: BestQuotes | None = None) -> list[dict[str, Any]]:
        """Return the quotes for a result: strong, and unlike each other; the strongest first.

        `doubted` are the best quotes of those reviews, of all that were offered here, that are
        doubted. They stand only where there are no others, and then say so. Each of them that is
        kept here is kept there too: who is among the best of all is among the best of a part.
        """
        fake = set(doubted.rows) if doubted is not None else set()
        kept = self.rows
        sure = [row for row in kept if row not in fake]
        return [_document(row, fake) for row in _chosen(sure or kept, most)]


def _document(row: _Row, doubted: Collection[_Row]) -> dict[str, Any]:
    _, text, review_id, start, end = row
    document = {"text": text, "review_id": review_id, "start": start, "end": end}
    return document | {"doubted": True} if row in doubted else document


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
