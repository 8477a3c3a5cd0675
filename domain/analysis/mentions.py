"""Which aspects a review speaks of, clause by clause."""

from __future__ import annotations

from collections.abc import Sequence

from domain.analysis.quoting import quote
from domain.analysis.scoring import Parsed, Score
from domain.aspects import Aspect
from domain.cards import AspectMention

#: A review that names one aspect more often says nothing new by it.
MOST_EACH = 3


def find_mentions(review: Parsed, scores: Sequence[Score]) -> tuple[AspectMention, ...]:
    """Return one mention a clause and aspect, in text order, with the clause's feeling."""
    mentions: list[AspectMention] = []
    counted: dict[Aspect, int] = {}
    for (span, marks), score in zip(review.clauses, scores, strict=True):
        seen: set[Aspect] = set()
        for start, _, term, _, _ in marks:
            aspect = term.aspect
            if aspect is None or aspect in seen or counted.get(aspect, 0) == MOST_EACH:
                continue
            seen.add(aspect)
            counted[aspect] = counted.get(aspect, 0) + 1
            evidence = quote(review.text, span, start)
            mentions.append(AspectMention(aspect, score.polarity, score.intensity, evidence))
    return tuple(mentions)
