"""Copies of another product's reviews, found by a few keys that each review leaves behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.trust.copies import COPY_FROM
from domain.trust.corpus import UNDATED, Corpus
from domain.trust.signatures import Signatures, band_keys, sign

#: A review is found again when one key is the same: of a copy word for word always, of a pair of
#: similarity 0.9 in 98.6 of 100 cases, of 0.8 in 88.
KEYS = 4
_WIDTH = 4
#: Another product is the same listing when more than this share of the compared reviews stand
#: there too, under the same id and with the same text.
LISTING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Twin:
    """A review of another product that has some of the keys; milliseconds since 1970."""

    #: "product_id:review_id".
    name: str
    text: str
    moment: int
    seen: int
    keys: tuple[int, ...]

    @property
    def product_id(self) -> str:
        """The product that it is a review of."""
        return self.name.partition(":")[0]

    @property
    def review_id(self) -> str:
        """Its id within that product."""
        return self.name.partition(":")[2]


def _keys(matrix: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the keys of each signature, one row each."""
    columns = [band_keys(matrix, band, _WIDTH).view(np.int64) for band in range(KEYS)]
    return np.stack(columns, axis=1)


def keys_left(signed: Signatures) -> tuple[list[int], list[list[int]]]:
    """Return which texts of a batch say enough to leave keys, and their keys (64 bits, signed)."""
    return signed.rows.tolist(), _keys(signed.matrix).tolist()


class Elsewhere:
    """Finds the reviews that copy another product's, some keys at a time.

    Of all that a review copies the earliest is named. Earlier is what was written earlier; of the
    same moment, or without dates, what was seen earlier.

    One listing under two addresses, or one file under two names, is no copying: a review that the
    other product has under the same id copies nothing of that product.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._ids = corpus.ids
        self._rows = corpus.compared
        self._matrix = corpus.matrix
        self._moments = corpus.moments[corpus.compared]
        self._seen = corpus.seen[corpus.compared]
        self._asked = np.empty(0, dtype=np.int64)
        self._holders = np.empty(0, dtype=np.int64)
        #: The earliest original by number and product.
        self._best: dict[int, dict[str, tuple[int, int, str]]] = defaultdict(dict)
        #: Numbers that stand in a product under the same id and with the same text.
        self._same: dict[str, set[int]] = defaultdict(set)

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
            shares = (self._matrix[numbers] == signed.matrix[place]).mean(axis=1)
            for number, share in zip(numbers.tolist(), shares.tolist(), strict=True):
                if share >= COPY_FROM:
                    self._note(number, twin)
                if share == 1 and self._ids[int(self._rows[number])] == twin.review_id:
                    self._same[twin.product_id].add(number)

    def _note(self, number: int, twin: Twin) -> None:
        if _earlier(twin, int(self._moments[number]), int(self._seen[number])):
            found = (twin.moment, twin.seen, twin.name)
            best = self._best[number]
            best[twin.product_id] = min(best.get(twin.product_id, found), found)

    @property
    def listings(self) -> Counter[str]:
        """The products that are the same listing, and how many reviews they share with this."""
        least = LISTING_SHARE * len(self._rows)
        return Counter({name: len(same) for name, same in self._same.items() if len(same) > least})

    @property
    def found(self) -> dict[int, str]:
        """What each compared review that is a copy copies, by its number."""
        listings = {name: self._same[name] for name in self.listings}
        copied = {}
        for number, best in self._best.items():
            originals = [one for name, one in best.items() if number not in listings.get(name, ())]
            if originals:
                copied[number] = min(originals)[2]
        return copied


def _earlier(twin: Twin, moment: int, seen: int) -> bool:
    if UNDATED in {twin.moment, moment} or twin.moment == moment:
        return twin.seen < seen
    return twin.moment < moment
