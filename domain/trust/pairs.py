"""Pairs of alike texts, found without comparing each with each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.trust.signatures import SLOTS, band_keys

#: Two texts become candidates when all slots of a band agree: 21 bands of 3 slots find a pair of
#: similarity 0.8 in all but one of 3 million cases, of 0.4 in three of four.
WIDTH = 3
BANDS = SLOTS // WIDTH
#: Candidates compared at once: 16 MB a side.
_BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts; the earlier of a pair stands in `earlier`, as the number of its row."""

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    #: Share of slots that agree: the estimated Jaccard similarity.
    similarity: NDArray[np.float64]

    def which(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.earlier[chosen], self.later[chosen], self.similarity[chosen])


def alike(matrix: NDArray[np.uint32], least: float) -> Pairs:
    """Return pairs of rows with at least this similarity; rows are taken as earliest first.

    Of the texts that share a band's key each is compared with the first and with the one before
    it, not with all: enough to find copies and groups, and never more than twice the texts a band.
    """
    count = np.uint64(max(1, len(matrix)))
    codes = np.empty(0, dtype=np.uint64)
    for band in range(BANDS):
        earlier, later = _candidates(band_keys(matrix, band, WIDTH))
        close = similarities(matrix, earlier, later) >= least
        found = earlier[close].astype(np.uint64) * count + later[close].astype(np.uint64)
        codes = np.union1d(codes, found)
    earlier, later = (codes // count).astype(np.int64), (codes % count).astype(np.int64)
    return Pairs(earlier, later, similarities(matrix, earlier, later))


def _candidates(keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of rows with the same key; the earlier row of each first."""
    # The row stands behind its key in one number, for plain numbers are sorted several times
    # faster than places; that the last bits of the keys are lost only adds candidates.
    bits = np.uint64(max(1, len(keys).bit_length()))
    places = np.arange(len(keys), dtype=np.uint64)
    both = np.sort(((keys >> bits) << bits) | places)
    ordered = both >> bits
    order = (both & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    opens = np.ones(len(keys), dtype=bool)
    opens[1:] = ordered[1:] != ordered[:-1]
    firsts = np.maximum.accumulate(np.where(opens, np.arange(len(keys)), 0))
    others = np.flatnonzero(~opens)
    later = order[others]
    earlier = np.concatenate((order[firsts[others]], order[others - 1]))
    return earlier, np.concatenate((later, later))


def similarities(
    matrix: NDArray[np.uint32], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the estimated similarity of each pair of rows."""
    shares = np.empty(len(left), dtype=np.float64)
    for start in range(0, len(left), _BLOCK):
        part = slice(start, start + _BLOCK)
        shares[part] = (matrix[left[part]] == matrix[right[part]]).mean(axis=1)
    return shares


def joined(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each of `count` rows the first row that it hangs together with through pairs."""
    roots = np.arange(count, dtype=np.int64)
    while True:
        lowest = np.minimum(roots[left], roots[right])
        after = roots.copy()
        for side in (left, right):
            np.minimum.at(after, side, lowest)
            np.minimum.at(after, roots[side], lowest)
        after = after[after]
        if np.array_equal(after, roots):
            return roots
        roots = after
