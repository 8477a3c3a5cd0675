"""Cards counted.

A `Tally` counts cards in whole numbers only (scores in ten-thousandths), so that adding cards
in any order, in any number of parts, gives the same result to the last digit: a part is kept
with each finished chunk, finalising merges the parts, and a check can recompute them from the
cards alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from domain.cards import DOUBTS, AspectMention, Card, Evidence, FailureReason, Flag
from domain.certainty import UNIT
from domain.emotions import EMOTIONS
from domain.quotes import BestQuotes
from domain.statistics import Moments

#: Below it a card counts as negative, above its mirror as positive.
POLARITY_BAND = 0.15
#: Quotes kept for each aspect and feeling, and for each emotion: three times those shown, so
#: that those shown can be unlike each other.
QUOTES_EACH = 15
#: A quote is this much weaker evidence for each mention beyond the first that it serves.
SHARED = UNIT // 5
#: The form of a stored tally; those of releases before had none, and no squares.
FORM = 2
#: In the order of a reading's scores.
_EMOTION_NAMES = tuple("emotion:" + emotion for emotion in EMOTIONS)


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


@lru_cache(maxsize=4096)
def monday_of(day: date) -> str:
    """Return the first day of a day's week (ISO 8601)."""
    return (day - timedelta(days=day.weekday())).isoformat()


@dataclass(slots=True)
class Tally:
    """Counts and sums over cards; addition of two tallies is commutative and associative."""

    cards: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    #: "primary:joy", "feeling:positive", "language:ko", "flag:mixed", "stars:5|negative" …
    counts: Counter[str] = field(default_factory=Counter)
    #: Sums in units: "emotion:joy", "polarity", "intensity", "rating", "week:2026-01-05" …
    sums: Counter[str] = field(default_factory=Counter)
    #: Sums in units², under the names of `sums`; for aspects of what each card says in all.
    #: A store's 64-bit whole number holds those of 100 million cards.
    squares: Counter[str] = field(default_factory=Counter)
    quotes: dict[str, BestQuotes] = field(default_factory=dict)
    #: Whether a part was stored by a release that kept less: then only the cards can tell.
    older: bool = False

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
        # Ten a card: names made once and no call are worth a tenth of the time of all counting.
        for name, (_, score) in zip(_EMOTION_NAMES, reading.emotions, strict=True):
            if score:
                sums[name] += round(score * UNIT)
        sums["polarity"] += polarity
        self.squares["polarity"] += polarity * polarity
        sums["intensity"] += in_units(reading.intensity)
        if card.rating is not None:
            self._add_rating(card.rating, feeling)
        if card.reviewed_at is not None:
            self._add_week(card.reviewed_at.date(), feeling, polarity)
        if reading.aspects:
            self._add_mentions(card, reading.aspects)
        for keyword in reading.keywords:
            counts["keyword:" + keyword] += 1
            sums["keyword:" + keyword] += polarity
        strength = in_units(reading.intensity)
        self._quote("emotion:" + reading.primary_emotion, card, strength, reading.headline)

    def add_failure(self, reason: FailureReason) -> None:
        """Count one review that has no card."""
        self.failures[str(reason)] += 1

    def _add_rating(self, rating: float, feeling: str) -> None:
        units = in_units(rating)
        self.counts["rated"] += 1
        self.sums["rating"] += units
        self.squares["rating"] += units * units
        # Half up, not to even: 2.5 stars is a 3 and 3.5 a 4.
        self.counts[f"stars:{int(rating + 0.5)}|{feeling}"] += 1

    def _add_week(self, day: date, feeling: str, polarity: int) -> None:
        week = "week:" + monday_of(day)
        self.counts[week + "|" + feeling] += 1
        self.sums[week] += polarity
        self.squares[week] += polarity * polarity

    def _add_mentions(self, card: Card, mentions: Sequence[AspectMention]) -> None:
        if len(mentions) == 1:
            self._add_aspect(mentions[0].aspect, self._add_mention(card, mentions[0], 0))
            return
        starts = [mention.evidence.start for mention in mentions]
        said: dict[str, list[int]] = {}
        for mention in mentions:
            beside = starts.count(mention.evidence.start) - 1
            polarity = self._add_mention(card, mention, beside)
            said.setdefault(mention.aspect, []).append(polarity)
        for aspect, polarities in said.items():
            self._add_aspect(aspect, *polarities)

    def _add_mention(self, card: Card, mention: AspectMention, beside: int) -> int:
        """Count a mention whose evidence serves so many others too; return its polarity."""
        polarity, intensity = in_units(mention.polarity), in_units(mention.intensity)
        feeling, aspect = feeling_of(mention.polarity), mention.aspect
        name = "aspect:" + aspect + "|" + feeling
        self.counts[name] += 1
        self.sums["aspect_polarity:" + aspect] += polarity
        self.sums["aspect_intensity:" + aspect] += intensity
        if feeling != "neutral":
            strength = max(0, abs(polarity) + intensity - SHARED * beside)
            self._quote(name, card, strength, mention.evidence)
        return polarity

    def _add_aspect(self, aspect: str, *polarities: int) -> None:
        """Count what one card says of an aspect: mentions of one card are not independent."""
        total, more = sum(polarities), len(polarities) - 1
        self.squares["aspect:" + aspect] += total * total
        if more:
            self.counts["aspect_more:" + aspect] += more
            self.counts["aspect_pairs:" + aspect] += more * (more + 1)
            self.sums["aspect_more:" + aspect] += total * more

    def _quote(self, name: str, card: Card, strength: int, evidence: Evidence) -> None:
        quotes = self.quotes.get(name)
        if quotes is None:
            quotes = self.quotes[name] = BestQuotes(QUOTES_EACH)
        quotes.offer(strength, card.review_id, evidence)

    def moments(self, name: str, cases: int) -> Moments:
        """Return the sums of the cases that `name` in `sums` and `squares` is of."""
        return Moments(cases, self.sums[name], self.squares[name])

    def merge(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.cards += other.cards
        self.failures.update(other.failures)
        self.counts.update(other.counts)
        self.sums.update(other.sums)
        self.squares.update(other.squares)
        self.older = self.older or other.older
        for name, quotes in other.quotes.items():
            self.quotes.setdefault(name, BestQuotes(QUOTES_EACH)).merge(quotes)

    def less(self, other: Tally) -> Tally:
        """Return the counts and sums without those of a part; of quotes none."""
        rest = Tally(self.cards - other.cards, Counter(self.failures), older=self.older)
        for mine, own, theirs in (
            (rest.counts, self.counts, other.counts),
            (rest.sums, self.sums, other.sums),
            (rest.squares, self.squares, other.squares),
        ):
            mine.update(own)
            mine.subtract(theirs)
        return rest

    def to_state(self) -> dict[str, Any]:
        """Return the tally as a JSON-able document (lists of pairs: keys may hold dots)."""
        return {
            "form": FORM,
            "cards": self.cards,
            "failures": sorted(self.failures.items()),
            "counts": sorted(self.counts.items()),
            "sums": sorted(self.sums.items()),
            "squares": sorted(self.squares.items()),
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
            squares=Counter(dict(state.get("squares", ()))),
            quotes={
                name: BestQuotes.from_state(QUOTES_EACH, rows) for name, rows in state["quotes"]
            },
            older=state.get("form") != FORM,
        )


def merged(states: Iterable[Mapping[str, Any]]) -> Tally:
    """Return the sum of the tallies that `Tally.to_state` wrote."""
    total = Tally()
    for state in states:
        total.merge(Tally.from_state(state))
    return total
