"""Which reviews are read where there are more than may be."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Sequence


def chosen_reviews(chunks: Iterable[Sequence[str]], most: int) -> list[str]:
    """Return at most so many review ids, in order: those with the smallest hashes.

    The same ids give the same sample, in whatever chunks and order; only it is held in memory.
    """
    ids = (review_id for chunk in chunks for review_id in chunk)
    return sorted(heapq.nsmallest(most, ids, key=_hash))


def _hash(review_id: str) -> tuple[bytes, str]:
    # The id itself behind its hash: two that collide have an order, too.
    return hashlib.blake2b(review_id.encode(), digest_size=8).digest(), review_id
