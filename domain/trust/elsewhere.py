"""Copies of another product's reviews, found by a few keys that each review leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.trust.copies import COPY_FROM
from domain.trust.corpus import UNDATED, Corpus
from domain.trust.signatures import band_keys, sign

#: A review is found again when one key is the same: of a copy word for word always, of a pair of
#: similarity 0.9 in 98.6 of 100 cases, of 0.8 in 88.
KEYS = 4
_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Twin:
    """A review of another product that has some of the keys; milliseconds since 1970."""

    #: "product_id:review_id".
    name: str
    text: str
    moment: int
    seen: int
    keys: tuple[int, ...]


def _keys(matrix: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the keys of each signature, one row each."""
    columns = [band_keys(matrix, band, _WIDTH).view(np.int64) for band in range(KEYS)]
    return np.stack(columns, axis=1)


def fits(texts: Sequence[str]) -> tuple[list[int], list[list[int]]]:
    """Return which texts are long enough to leave keys, and their keys (64 bits, with a sign)."""
    signed = sign(texts)
    return signed.rows.tolist(), _keys(signed.matrix).tolist()


class Elsewhere:
    """Finds the reviews that copy another product's, some keys at a time.

    Of all that a review copies the earliest is named. Earlier is what was written earlier; of the
    same moment, or without dates, what was seen earlier.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._matrix = corpus.matrix
        self._moments = corpus.moments[corpus.compared]
        self._seen = corpus.seen[corpus.compared]
        self._asked = np.empty(0, dtype=np.int64)
        self._holders = np.empty(0, dtype=np.int64)
        self._best: dict[int, tuple[int, int, str]] = {}

    def ask(self, start: int, stop: int) -> list[int]:
        """Return the keys of the compared reviews start..stop-1, to be looked for elsewhere."""
        keys = _keys(self._matrix[start:stop])
        order = np.argsort(keys, axis=None)
        self._asked = keys.ravel()[order]
        self._holders = order // KEYS + start
        asked: list[int] = np.unique(self._asked).tolist()
        return asked

    def answer(self, twins: Sequence[Twin]) -> None:
        """Take in reviews of other products that have one of the keys asked for last."""
        signed = sign([twin.text for twin in twins])
        for place, row in enumerate(signed.rows.tolist()):
            twin = twins[row]
            numbers = np.unique(self._holders[np.isin(self._asked, twin.keys)])
            same = (self._matrix[numbers] == signed.matrix[place]).mean(axis=1) >= COPY_FROM
            for number in numbers[same].tolist():
                self._note(number, twin)

    def _note(self, number: int, twin: Twin) -> None:
        if _earlier(twin, int(self._moments[number]), int(self._seen[number])):
            found = (twin.moment, twin.seen, twin.name)
            self._best[number] = min(self._best.get(number, found), found)

    @property
    def found(self) -> dict[int, str]:
        """What each compared review that is a copy copies, by its number."""
        return {number: name for number, (_, _, name) in self._best.items()}


def _earlier(twin: Twin, moment: int, seen: int) -> bool:
    if UNDATED in {twin.moment, moment} or twin.moment == moment:
        return twin.seen < seen
    return twin.moment < moment
