"""From cards to the one trusted result of a product.

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

from domain.cards import AspectMention, Card, FailureReason, Flag
from domain.emotions import EMOTIONS
from domain.quotes import BestQuotes

#: Scores are kept in this many parts of one.
UNIT = 10_000
#: Below it a card counts as negative, above its mirror as positive.
POLARITY_BAND = 0.15
RESULT_SCHEMA = 1
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


def build_numbers(tally: Tally) -> dict[str, Any]:
    """Return the numbers of a result: all that can be recomputed from the cards alone.

    Shares are of cards, 0..1; polarity −1..1; ratings 1..5; weeks are named by their Monday.
    """
    return {
        "cards": tally.cards,
        "failures": dict(sorted(tally.failures.items())),
        "polarity": _mean(tally.sums["polarity"], tally.cards),
        "intensity": _mean(tally.sums["intensity"], tally.cards),
        "feelings": {
            name: tally.counts["feeling:" + name]
            for name in ("positive", "neutral", "mixed", "negative")
        },
        "emotions": _emotions(tally),
        "aspects": _aspects(tally),
        "keywords": _keywords(tally),
        "ratings": _ratings(tally),
        "weeks": _weeks(tally),
        "languages": _group(tally.counts, "language:"),
        "flags": _group(tally.counts, "flag:"),
    }


def _mean(units: int, count: int) -> float | None:
    return round(units / UNIT / count, 4) if count else None


def _group(counts: Counter[str], prefix: str) -> dict[str, int]:
    found = {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _pairs(counts: Counter[str], prefix: str) -> dict[str, dict[str, int]]:
    """Group "prefix:outer|inner" counts."""
    grouped: dict[str, dict[str, int]] = {}
    for name, count in sorted(_group(counts, prefix).items()):
        outer, _, inner = name.partition("|")
        grouped.setdefault(outer, {})[inner] = count
    return grouped


def _emotions(tally: Tally) -> list[dict[str, Any]]:
    rows = [
        {
            "emotion": str(emotion),
            "primary": tally.counts["primary:" + emotion],
            "share": round(tally.counts["primary:" + emotion] / tally.cards, 4)
            if tally.cards
            else None,
            "mean_score": _mean(tally.sums["emotion:" + emotion], tally.cards),
            "quotes": _quotes(tally, "emotion:" + emotion),
        }
        for emotion in EMOTIONS
    ]
    return sorted(rows, key=lambda row: (-row["primary"], row["emotion"]))


def _aspects(tally: Tally) -> list[dict[str, Any]]:
    rows = []
    for aspect, by_feeling in _pairs(tally.counts, "aspect:").items():
        mentions = sum(by_feeling.values())
        rows.append(
            {
                "aspect": aspect,
                "mentions": mentions,
                "positive": by_feeling.get("positive", 0),
                "neutral": by_feeling.get("neutral", 0),
                "negative": by_feeling.get("negative", 0),
                "polarity": _mean(tally.sums["aspect_polarity:" + aspect], mentions),
                "intensity": _mean(tally.sums["aspect_intensity:" + aspect], mentions),
                # How much the aspect lifts (or, below 0, drags) the average card.
                "impact": _mean(tally.sums["aspect_polarity:" + aspect], tally.cards),
                "quotes": {
                    feeling: _quotes(tally, f"aspect:{aspect}|{feeling}")
                    for feeling in ("positive", "negative")
                },
            }
        )
    return sorted(rows, key=lambda row: (-row["mentions"], row["aspect"]))


def _keywords(tally: Tally, most: int = 40) -> list[dict[str, Any]]:
    counted = _group(tally.counts, "keyword:")
    return [
        {"keyword": word, "cards": n, "polarity": _mean(tally.sums["keyword:" + word], n)}
        for word, n in list(counted.items())[:most]
    ]


def _ratings(tally: Tally) -> dict[str, Any]:
    rated = tally.counts["rated"]
    return {
        "rated": rated,
        "mean": _mean(tally.sums["rating"], rated),
        "stars": _pairs(tally.counts, "stars:"),
    }


def _weeks(tally: Tally) -> list[dict[str, Any]]:
    rows = []
    for week, by_feeling in _pairs(tally.counts, "week:").items():
        cards = sum(by_feeling.values())
        polarity = _mean(tally.sums["week:" + week], cards)
        rows.append({"week": week, "cards": cards, "polarity": polarity, "feelings": by_feeling})
    return rows


def _quotes(tally: Tally, name: str) -> list[dict[str, Any]]:
    return tally.quotes[name].listed() if name in tally.quotes else []
