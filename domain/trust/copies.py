"""Copies and templates among the reviews of one product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.trust.pairs import Pairs, alike, joined, similarities
from domain.trust.signatures import SLOTS, band_keys

#: From this similarity on a text is a copy of the other.
COPY_FROM = 0.8
#: What the texts of a template have in common at least …
TEMPLATE_FROM = 0.4
#: … as a share of all their triples, and in triples of syllables: a common phrase is shorter.
LEAST_SHARED = 14.0
#: A template is one when so many reviews, each text counted once, are alike.
LEAST_REVIEWS = 5
#: From this similarity on it is one text posted again, and no form filled in with other words.
#: Well above that of a copy: pairs near `COPY_FROM` fall to either side of it by chance.
_SAME_FROM = 0.95
#: The texts of one cluster that all others of it are compared with.
_CENTRES = 4
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
    stands_for = _texts(matrix, pairs.which(pairs.similarity >= _SAME_FROM))
    pairs = _between_texts(_telling(pairs, sizes), stands_for)
    return Likeness(copies, _templates(stands_for, _completed(pairs, matrix, sizes)))


def _telling(pairs: Pairs, sizes: NDArray[np.float32]) -> Pairs:
    """Return the pairs that have enough in common for a template."""
    share = pairs.similarity / (1 + pairs.similarity)
    shared = share * (sizes[pairs.earlier] + sizes[pairs.later])
    return pairs.which((pairs.similarity >= TEMPLATE_FROM) & (shared >= LEAST_SHARED))


def _copies(count: int, pairs: Pairs) -> NDArray[np.int64]:
    """Return of each row that is like an earlier one the first of its kind, of others −1."""
    copies = np.full(count, _NONE, dtype=np.int64)
    copies[pairs.later] = joined(count, pairs.earlier, pairs.later)[pairs.later]
    return copies


def _texts(matrix: NDArray[np.uint32], same: Pairs) -> NDArray[np.int64]:
    """Return for each row the first row that has the same text, or all but the same."""
    count = len(matrix)
    # Equal rows need not have met as a pair: others may stand between them in every band.
    _, firsts, texts = np.unique(
        band_keys(matrix, 0, SLOTS), return_index=True, return_inverse=True
    )
    left = np.concatenate((firsts[texts], same.earlier))
    return joined(count, left, np.concatenate((np.arange(count), same.later)))


def _between_texts(pairs: Pairs, stands_for: NDArray[np.int64]) -> Pairs:
    """Return the pairs as pairs of different texts, each once."""
    count = max(1, len(stands_for))
    left, right = stands_for[pairs.earlier], stands_for[pairs.later]
    codes, places = np.unique(
        np.minimum(left, right) * count + np.maximum(left, right), return_index=True
    )
    left, right = codes // count, codes % count
    return Pairs(left, right, pairs.similarity[places]).which(left != right)


def _completed(pairs: Pairs, matrix: NDArray[np.uint32], sizes: NDArray[np.float32]) -> Pairs:
    """Return the pairs and those that were missed within clusters.

    The bands miss a pair of small likeness now and then, and then no text of a small template has
    all others beside it. So all of a cluster are compared with the few that have the most.
    """
    count = len(matrix)
    near = np.bincount(np.concatenate((pairs.earlier, pairs.later)), minlength=count)
    roots = joined(count, pairs.earlier, pairs.later)
    clustered = np.bincount(roots[near > 0], minlength=count)[roots] >= LEAST_REVIEWS
    rows = np.flatnonzero(clustered & (near > 0))
    # By cluster, those with the most beside them first, the earliest of those with as many.
    rows = rows[np.lexsort((rows, -near[rows], roots[rows]))]
    opens = np.flatnonzero(np.diff(roots[rows], prepend=_NONE))
    starts = np.repeat(opens, np.diff(opens, append=len(rows)))
    # Each cluster has more rows than centres.
    left = np.concatenate([rows[starts + n] for n in range(_CENTRES)])
    right = np.tile(rows, _CENTRES)
    more = Pairs(left, right, similarities(matrix, left, right)).which(left != right)
    more = _telling(more, sizes)
    both = Pairs(
        np.concatenate((pairs.earlier, more.earlier)),
        np.concatenate((pairs.later, more.later)),
        np.concatenate((pairs.similarity, more.similarity)),
    )
    return _between_texts(both, np.arange(count))


def _templates(stands_for: NDArray[np.int64], pairs: Pairs) -> NDArray[np.int64]:
    """Return of each row of a template the template's first row, of others −1.

    Each text stands once, and whoever posted it again belongs where it does. A text with enough
    alike ones is the core of a template; those alike to a core belong to it, and cores alike to
    each other are one: what is merely alike to one at the rim does not join, so that no chain of
    chances grows into a template.
    """
    count = len(stands_for)
    left, right = pairs.earlier, pairs.later
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
