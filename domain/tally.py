"""Cards counted.

A `Tally` counts cards in whole numbers only (scores in ten-thousandths), so that adding cards
in any order, in any number of parts, gives the same result to the last digit: a part is kept
with each finished chunk, finalising merges the parts, and a check can recompute them from the
cards alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from domain.cards import DOUBTS, AspectMention, Card, FailureReason, Flag
from domain.quotes import BestQuotes

#: Scores are kept in this many parts of one.
UNIT = 10_000
#: Below it a card counts as negative, above its mirror as positive.
POLARITY_BAND = 0.15
#: Quotes kept for each aspect and feeling, and for each emotion.
QUOTES_EACH = 5


def in_units(score: float) -> int:
    """Return a score in whole ten-thousandths."""
    return round(score * UNIT)


def feeling_of(polarity: float, *, mixed: bool = False) -> str:
    """Return "positive", "negative", "mixed" or "neutral"."""
    if mixed:
        return "mixed"
    if polarity > POLARITY_BAND:
        return "positive"
    return "negative" if polarity < -POLARITY_BAND else "neutral"


@dataclass(slots=True)
class Tally:
    """Counts and sums over cards; addition of two tallies is commutative and associative."""

    cards: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    #: "primary:joy", "feeling:positive", "language:ko", "flag:mixed", "stars:5|negative" …
    counts: Counter[str] = field(default_factory=Counter)
    #: Sums in units: "emotion:joy", "polarity", "intensity", "rating", "week:2026-01-05" …
    sums: Counter[str] = field(default_factory=Counter)
    quotes: dict[str, BestQuotes] = field(default_factory=dict)

    def add(self, card: Card) -> None:
        """Count one card."""
        reading = card.reading
        mixed = Flag.MIXED in reading.flags
        feeling = feeling_of(reading.polarity, mixed=mixed)
        polarity = in_units(reading.polarity)
        counts, sums = self.counts, self.sums
        self.cards += 1
        counts["primary:" + reading.primary_emotion] += 1
        counts["feeling:" + feeling] += 1
        counts["language:" + reading.language] += 1
        for flag in reading.flags:
            # Doubts come after the cards and are counted apart: see `domain.doubted`.
            if flag not in DOUBTS:
                counts["flag:" + flag] += 1
        for label, score in reading.emotions:
            if score:
                sums["emotion:" + label] += in_units(score)
        sums["polarity"] += polarity
        sums["intensity"] += in_units(reading.intensity)
        self._add_rating(card, feeling)
        self._add_week(card, feeling, polarity)
        for mention in reading.aspects:
            self._add_mention(card, mention)
        for keyword in reading.keywords:
            counts["keyword:" + keyword] += 1
            sums["keyword:" + keyword] += polarity
        self._quote("emotion:" + reading.primary_emotion, card, in_units(reading.intensity))

    def add_failure(self, reason: FailureReason) -> None:
        """Count one review that has no card."""
        self.failures[str(reason)] += 1

    def _add_rating(self, card: Card, feeling: str) -> None:
        if card.rating is None:
            return
        self.counts["rated"] += 1
        self.sums["rating"] += in_units(card.rating)
        # Half up, not to even: 2.5 stars is a 3 and 3.5 a 4.
        self.counts[f"stars:{int(card.rating + 0.5)}|{feeling}"] += 1

    def _add_week(self, card: Card, feeling: str, polarity: int) -> None:
        if card.reviewed_at is None:
            return
        day = card.reviewed_at.date()
        monday = (day - timedelta(days=day.weekday())).isoformat()
        self.counts[f"week:{monday}|{feeling}"] += 1
        self.sums["week:" + monday] += polarity

    def _add_mention(self, card: Card, mention: AspectMention) -> None:
        feeling = feeling_of(mention.polarity)
        strength = abs(in_units(mention.polarity)) + in_units(mention.intensity)
        self.counts[f"aspect:{mention.aspect}|{feeling}"] += 1
        self.sums["aspect_polarity:" + mention.aspect] += in_units(mention.polarity)
        self.sums["aspect_intensity:" + mention.aspect] += in_units(mention.intensity)
        name = f"aspect:{mention.aspect}|{feeling}"
        quotes = self.quotes.setdefault(name, BestQuotes(QUOTES_EACH))
        quotes.offer(strength, card.review_id, mention.evidence)

    def _quote(self, name: str, card: Card, strength: int) -> None:
        quotes = self.quotes.setdefault(name, BestQuotes(QUOTES_EACH))
        quotes.offer(strength, card.review_id, card.reading.headline)

    def merge(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.cards += other.cards
        self.failures.update(other.failures)
        self.counts.update(other.counts)
        self.sums.update(other.sums)
        for name, quotes in other.quotes.items():
            self.quotes.setdefault(name, BestQuotes(QUOTES_EACH)).merge(quotes)

    def to_state(self) -> dict[str, Any]:
        """Return the tally as a JSON-able document (lists of pairs: keys may hold dots)."""
        return {
            "cards": self.cards,
            "failures": sorted(self.failures.items()),
            "counts": sorted(self.counts.items()),
            "sums": sorted(self.sums.items()),
            "quotes": [[name, quotes.to_state()] for name, quotes in sorted(self.quotes.items())],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Tally:
        """Return the tally that `to_state` wrote."""
        return cls(
            cards=state["cards"],
            failures=Counter(dict(state["failures"])),
            counts=Counter(dict(state["counts"])),
            sums=Counter(dict(state["sums"])),
            quotes={
                name: BestQuotes.from_state(QUOTES_EACH, rows) for name, rows in state["quotes"]
            },
        )


def merged(states: Iterable[Mapping[str, Any]]) -> Tally:
    """Return the sum of the tallies that `Tally.to_state` wrote."""
    total = Tally()
    for state in states:
        total.merge(Tally.from_state(state))
    return total
