"""Copies and templates among the reviews of one product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.trust.pairs import Pairs, alike, joined

#: From this similarity on a text is a copy of the other.
COPY_FROM = 0.8
#: What the texts of a template have in common at least …
TEMPLATE_FROM = 0.4
#: … as a share of all their triples, and in triples of syllables: a common phrase is shorter.
LEAST_SHARED = 14.0
#: A template is one when so many reviews, copies not counted, are alike.
LEAST_REVIEWS = 5
_NONE = -1


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which of the rows are copies or filled templates: the first row of their group, or −1."""

    copies: NDArray[np.int64]
    templates: NDArray[np.int64]


def find_likeness(matrix: NDArray[np.uint32], sizes: NDArray[np.float32]) -> Likeness:
    """Return the copies and templates among signatures, the earliest review's first."""
    count = len(matrix)
    pairs = alike(matrix, TEMPLATE_FROM)
    copies = _copies(count, pairs.which(pairs.similarity >= COPY_FROM))
    shared = pairs.similarity / (1 + pairs.similarity)
    shared = shared * (sizes[pairs.earlier] + sizes[pairs.later])
    return Likeness(copies, _templates(copies, pairs.which(shared >= LEAST_SHARED)))


def _copies(count: int, pairs: Pairs) -> NDArray[np.int64]:
    """Return of each row that is like an earlier one the first of its kind, of others −1."""
    copies = np.full(count, _NONE, dtype=np.int64)
    copies[pairs.later] = joined(count, pairs.earlier, pairs.later)[pairs.later]
    return copies


def _templates(copies: NDArray[np.int64], pairs: Pairs) -> NDArray[np.int64]:
    """Return of each row of a template the template's first row, of others −1.

    A copy stands for what it copies. A row with enough alike ones is the core of a template; those
    alike to a core belong to it, and cores alike to each other are one: what is merely alike to
    one at the rim does not join, so that no chain of chances grows into a template.
    """
    count = len(copies)
    stands_for = np.where(copies == _NONE, np.arange(count), copies)
    left, right = _once(count, stands_for[pairs.earlier], stands_for[pairs.later])
    near = np.bincount(np.concatenate((left, right)), minlength=count)
    core = near >= LEAST_REVIEWS - 1
    inner = core[left] & core[right]
    roots = joined(count, left[inner], right[inner])
    member = np.where(core, roots, count)
    for rim, heart in ((left, right), (right, left)):
        joins = core[heart] & ~core[rim]
        np.minimum.at(member, rim[joins], roots[heart[joins]])
    found = np.flatnonzero(member < count)
    firsts = np.full(count, count, dtype=np.int64)
    np.minimum.at(firsts, member[found], found)
    templates = np.full(count, _NONE, dtype=np.int64)
    templates[found] = firsts[member[found]]
    return templates


def _once(
    count: int, left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of different rows once."""
    codes = np.unique(np.minimum(left, right) * count + np.maximum(left, right))
    left, right = codes // max(1, count), codes % max(1, count)
    return left[left != right], right[left != right]
