"""Signatures: 64 numbers a text, as alike as the texts are.

A text is the set of its overlapping triples of letters. MinHash (`rensa`) draws one number a slot
from such a set; two texts agree in a slot with the probability of their Jaccard similarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from domain.trust.letters import folded

SLOTS = 64
#: Another seed, or another version of rensa's algorithm, gives other numbers: the fingerprints of
#: other products then have to be made anew.
SEED = 20_260_101
#: A text's size is its number of different triples. A text of a smaller size is not compared:
#: "좋아요 잘 쓸게요" is said by many.
LEAST_SIZE = 14.0
#: A triple of an alphabet says less than one of syllables, as there are fewer.
ALPHABET_WORTH = 0.4
#: Code points below are of alphabets; Hangul and all that has more signs stands behind.
_SYLLABLES_FROM = 0x1100
#: Bits of a triple's hash that are left beside the number of its text while both are sorted.
_HASH_BITS = 48


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signatures of those texts of a batch that are long enough to tell something."""

    #: Which texts of the batch, rising.
    rows: NDArray[np.int64]
    #: How much each of them says, in triples of syllables.
    sizes: NDArray[np.float32]
    #: One row a text, `SLOTS` columns.
    matrix: NDArray[np.uint32]


def sign(texts: Sequence[str]) -> Signatures:
    """Return the signatures of the texts; at most 32,768 texts at once."""
    hashes, owners, syllables = _triples(folded(texts))
    counts = np.bincount(owners, minlength=len(texts))
    full = np.bincount(owners[syllables], minlength=len(texts))
    sizes = full + ALPHABET_WORTH * (counts - full)
    telling = sizes >= LEAST_SIZE
    rows = np.flatnonzero(telling)
    matrix = _digests(hashes[telling[owners]], counts[rows])
    return Signatures(rows, sizes[rows].astype(np.float32), matrix)


def _digests(hashes: NDArray[np.uint64], counts: NDArray[np.int64]) -> NDArray[np.uint32]:
    if not len(counts):
        return np.empty((0, SLOTS), dtype=np.uint32)
    bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.uint64)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(hashes, bounds, SLOTS, SEED)
    flat = chain.from_iterable(digests.to_rows())
    return np.fromiter(flat, dtype=np.uint32, count=len(counts) * SLOTS).reshape(-1, SLOTS)


def _triples(
    points: NDArray[np.uint32],
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the hashes of each text's different triples, whose each is, and if of syllables."""
    wide = points.astype(np.uint64)
    first, second, third = wide[:-2], wide[1:-1], wide[2:]
    inside = (first != 0) & (second != 0) & (third != 0)
    packed = ((first << np.uint64(42)) | (second << np.uint64(21)) | third)[inside]
    highest = np.maximum(np.maximum(first, second), third)[inside]
    owners = (np.cumsum(points == 0)[:-2][inside] - 1).astype(np.uint64)
    low = np.uint64((1 << _HASH_BITS) - 1)
    # One sort of plain numbers groups by text and brings the same triples together.
    both = (owners << np.uint64(_HASH_BITS + 1)) | ((mixed(packed) & low) << np.uint64(1))
    both |= (highest >= _SYLLABLES_FROM).astype(np.uint64)
    both.sort()
    once = np.ones(len(both), dtype=bool)
    once[1:] = both[1:] != both[:-1]
    both = both[once]
    triples = both & ((low << np.uint64(1)) | np.uint64(1))
    return mixed(triples), (both >> np.uint64(_HASH_BITS + 1)).astype(np.int64), triples & 1 == 1


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values with their bits spread evenly (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def band_keys(matrix: NDArray[np.uint32], band: int, width: int) -> NDArray[np.uint64]:
    """Return one key a signature for the slots band·width … band·width+width-1."""
    keys = np.full(len(matrix), band + 1, dtype=np.uint64)
    for slot in range(band * width, (band + 1) * width):
        keys = mixed(keys * np.uint64(31) + matrix[:, slot])
    return keys
