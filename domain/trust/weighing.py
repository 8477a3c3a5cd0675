"""All signs of doubt of one product's reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from domain.signals import Signal, SignalKind
from domain.trust.bursts import find_bursts
from domain.trust.copies import find_likeness
from domain.trust.corpus import Corpus


def weigh(corpus: Corpus, elsewhere: Mapping[int, str]) -> dict[str, tuple[Signal, ...]]:
    """Return the signals of each doubted review, by its id.

    `elsewhere` names, by number of the compared review, what it copies of another product.
    """
    found: dict[int, list[Signal]] = defaultdict(list)
    rank = corpus.earliest_first().argsort()
    order = rank[corpus.compared].argsort()
    rows = corpus.compared[order]
    likeness = find_likeness(corpus.matrix[order], corpus.sizes[order])
    for kind, firsts in (
        (SignalKind.COPY, likeness.copies),
        (SignalKind.TEMPLATE, likeness.templates),
    ):
        for place in (firsts >= 0).nonzero()[0].tolist():
            found[int(rows[place])].append(Signal(kind, corpus.ids[rows[firsts[place]]]))
    for number, name in elsewhere.items():
        found[int(corpus.compared[number])].append(Signal(SignalKind.COPY_ELSEWHERE, name))
    for burst in find_bursts(corpus.moments, corpus.sides):
        for row in burst.rows.tolist():
            found[row].append(Signal(SignalKind.BURST, burst.first_day))
    return {corpus.ids[row]: tuple(sorted(signals)) for row, signals in found.items()}
