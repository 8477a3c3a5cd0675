"""Counts how many cards hold each stem, how those feel, and where it is best quoted.

One person who says a word ten times has said it once: cards are counted, not words. Sums are of
whole numbers, and quotes are chosen by what was offered, so the order of the cards only matters
where the table is cut (see `MOST_STEMS`); it is given in one order, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.analysis.clauses import Span, split_clauses
from domain.analysis.quoting import quote
from domain.cards import Card, Flag
from domain.certainty import UNIT
from domain.keywords.stems import Stem
from domain.quotes import BestQuotes
from domain.statistics import Moments
from domain.tally import feeling_of, in_units

#: A table with more stems than this loses the rarest ones, down to half: a stem of one card in
#: tens of thousands is a misspelling, or nobody's keyword (lossy counting, Manku & Motwani 2002).
MOST_STEMS = 50_000
#: Quotes kept a stem and side, so that neighbouring keywords need not share one.
QUOTES_EACH = 3
POSITIVE, NEGATIVE = "positive", "negative"
#: The length, in code points, that a quote is best at, and what each one more or less costs it.
_BEST_LENGTH = 30
_OFF_LENGTH = 60


@dataclass(slots=True)
class StemCount:
    """What was counted of one stem."""

    cards: int = 0
    #: Of those, in cards that feel so as a whole.
    positive: int = 0
    negative: int = 0
    #: Of the polarities, in `domain.tally.UNIT`, of the clauses that hold it.
    polarity: Moments = field(default_factory=lambda: Moments(0, 0, 0))
    #: By the feeling of the clause.
    quotes: dict[str, BestQuotes] = field(default_factory=dict)


@dataclass(slots=True)
class LanguageCounts:
    """The counts of the cards in one language; a "saying" is one stem in one card."""

    cards: int = 0
    sayings: int = 0
    #: Cards that feel so as a whole, and their sayings.
    positive_cards: int = 0
    negative_cards: int = 0
    positive: int = 0
    negative: int = 0
    stems: dict[str, StemCount] = field(default_factory=dict)

    def cut(self, most: int) -> None:
        """Drop the rarest stems, down to half of `most`, if there are more than that."""
        fewest = 1
        while len(self.stems) > (most if fewest == 1 else most // 2):
            kept = {name: each for name, each in self.stems.items() if each.cards > fewest}
            self.stems = kept
            fewest += 1


@dataclass(slots=True)
class KeywordCounts:
    """The counts of one analysis, by language."""

    languages: dict[str, LanguageCounts] = field(default_factory=dict)

    @property
    def cards(self) -> int:
        """How many cards were counted."""
        return sum(counts.cards for counts in self.languages.values())

    def add(self, card: Card, text: str, stems: Sequence[Stem]) -> None:
        """Count a card, by the text that it was made from and the stems of that text."""
        language = card.reading.language
        counts = self.languages.setdefault(language, LanguageCounts())
        mixed = Flag.MIXED in card.reading.flags
        feeling = feeling_of(card.reading.polarity, mixed=mixed)
        firsts = {stem.name: stem for stem in reversed(stems)}
        counts.cards += 1
        counts.sayings += len(firsts)
        if feeling == POSITIVE:
            counts.positive_cards += 1
            counts.positive += len(firsts)
        elif feeling == NEGATIVE:
            counts.negative_cards += 1
            counts.negative += len(firsts)
        clauses = split_clauses(text, language) if firsts else []
        for name, stem in firsts.items():
            found = counts.stems.setdefault(name, StemCount())
            found.cards += 1
            found.positive += feeling == POSITIVE
            found.negative += feeling == NEGATIVE
            polarity = clause_polarity(card, stem.start)
            found.polarity += Moments(1, polarity, polarity * polarity)
            _offer(found, card, text, stem, _clause_at(clauses, stem.start), polarity)
        counts.cut(MOST_STEMS)

    def only_said_by(self, least: int) -> Iterator[tuple[str, LanguageCounts]]:
        """Yield each language's counts, of the stems that so many cards hold, commonest first."""
        for language, counts in sorted(self.languages.items()):
            held = [pair for pair in counts.stems.items() if pair[1].cards >= least]
            held.sort(key=lambda pair: (-pair[1].cards, pair[0]))
            yield language, replace(counts, stems=dict(held))


def clause_polarity(card: Card, place: int) -> int:
    """Return the polarity, in units, of what is said at a place of the card's text.

    That is the mean of what the card says of aspects there; elsewhere it is the whole card's.
    """
    there = [
        in_units(mention.polarity)
        for mention in card.reading.aspects
        if mention.evidence.start <= place < mention.evidence.end
    ]
    return round(sum(there) / len(there)) if there else in_units(card.reading.polarity)


def _clause_at(clauses: Sequence[Span], place: int) -> Span:
    return next((span for span in clauses if place < span[1]), clauses[-1])


def _offer(
    found: StemCount, card: Card, text: str, stem: Stem, clause: Span, polarity: int
) -> None:
    """Offer the clause as a quote: the clearest feeling, at a length that reads well."""
    if not clause[0] <= stem.start < clause[1]:
        return
    evidence = quote(text, clause, stem.start)
    off = abs(len(evidence.text) - _BEST_LENGTH) * _OFF_LENGTH
    feeling = feeling_of(polarity / UNIT)
    quotes = found.quotes.setdefault(feeling, BestQuotes(QUOTES_EACH))
    quotes.offer(max(UNIT + abs(polarity) - off, 1), card.review_id, evidence)
