"""What of a product's numbers is held against another's, and how likely chance alone is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from domain.certainty import share
from domain.emotions import Emotion
from domain.statistics import Interval, Scale, Side, pooled_p, variance_within, welch_p

#: Which end of a measure is the better one; None where neither is.
HIGH, LOW = "high", "low"
FEELINGS: Final = {"positive": HIGH, "neutral": None, "mixed": None, "negative": LOW}
_GOOD: Final = (Emotion.JOY, Emotion.SATISFACTION, Emotion.INTEREST)
_NEITHER: Final = (Emotion.SURPRISE, Emotion.NEUTRAL)
#: Two shares are held against each other only where so many cards are to be expected on each
#: side of both: with fewer, their spread is not the normal one that the test takes it for.
MIN_EXPECTED: Final = 5
_STARS: Final[Scale] = (1, 5)


class Measure(NamedTuple):
    """What is measured: "polarity", or "aspect_polarity" of "price"."""

    kind: str
    name: str = ""

    @property
    def better(self) -> str | None:
        """Which end is the better one."""
        if self.kind == "feeling":
            return FEELINGS[self.name]
        if self.kind == "emotion":
            return None if self.name in _NEITHER else HIGH if self.name in _GOOD else LOW
        # To be spoken of more often is neither good nor bad.
        return None if self.kind == "aspect_share" else HIGH


@dataclass(frozen=True, slots=True)
class Value:
    """A measure of one product: a mean or, with `cases`, a share; of `count` cards or mentions."""

    value: float | None = None
    interval: tuple[float, float] | None = None
    count: int = 0
    cases: int | None = None
    #: Of how many cards, where these are mentions: what one customer says twice is one opinion.
    cards: int | None = None
    #: Between what the values of a mean can lie.
    scale: Scale = (-1, 1)

    @property
    def independent(self) -> int:
        """How many opinions the value is of."""
        return self.count if self.cards is None else self.cards

    @property
    def side(self) -> Side | None:
        """The variance of a mean's values, as its interval tells it, and how many they are."""
        if self.value is None or self.interval is None:
            return None
        cases = self.independent
        within = Interval(*self.interval)
        return variance_within(within, self.value, cases, self.scale, self.count), cases

    def to_document(self) -> dict[str, Any]:
        """Return the value as a JSON-able document."""
        interval = list(self.interval) if self.interval else None
        return {"value": self.value, "interval": interval, "n": self.count}


def values_of(numbers: Mapping[str, Any]) -> dict[Measure, Value]:
    """Return what is comparable in the numbers of a result, of older results too.

    Results from before intervals were kept have means without them: those are shown, and nothing
    is claimed of them.
    """
    found = _overall(numbers)
    trust = numbers.get("trust")
    if trust is not None:
        without = _overall(trust["without"])
        found |= {Measure(f"{kind}_without"): value for (kind, _), value in without.items()}
    shares = numbers.get("feeling_shares", {})
    for name in FEELINGS:
        interval = shares.get(name, {}).get("interval")
        count = numbers["feelings"][name]
        found[Measure("feeling", name)] = _share(interval, count, numbers["cards"])
    for row in numbers["emotions"]:
        found[Measure("emotion", row["emotion"])] = _share(
            row.get("interval"), row["primary"], numbers["cards"]
        )
    for row in numbers["aspects"]:
        found |= _of_aspect(row, numbers["cards"])
    return found


def absent(measure: Measure, numbers: Mapping[str, Any]) -> Value:
    """Return the value of a measure that the numbers do not have.

    An aspect that nobody speaks of is spoken of by no card: that is a share like any other.
    """
    if measure.kind == "aspect_share" and "polarity_interval" in numbers:
        cards = numbers["cards"]
        return _share(share(0, cards)["interval"], 0, cards)
    return Value()


def _overall(numbers: Mapping[str, Any]) -> dict[Measure, Value]:
    """Return mean polarity and mean rating; of `numbers`, or of a part of `numbers.trust`."""
    ratings = numbers.get("ratings")
    if ratings is not None:
        rating = _mean(ratings["mean"], ratings.get("interval"), ratings["rated"])
    else:
        rating = _mean(numbers["rating"], numbers["rating_interval"], numbers["rated"])
    rating = replace(rating, scale=_STARS)
    polarity = _mean(numbers["polarity"], numbers.get("polarity_interval"), numbers["cards"])
    return {Measure("polarity"): polarity, Measure("rating"): rating}


def _of_aspect(row: Mapping[str, Any], cards: int) -> dict[Measure, Value]:
    name, mentions, own = row["aspect"], row["mentions"], row.get("cards")
    polarity = _mean(row["polarity"], row.get("polarity_interval"), mentions, own)
    found = {Measure("aspect_polarity", name): polarity}
    if own is not None:
        interval = row["share_of_cards"]["interval"]
        found[Measure("aspect_share", name)] = _share(interval, own, cards)
    return found


def _mean(
    value: float | None, interval: Sequence[float] | None, count: int, cards: int | None = None
) -> Value:
    return Value(value, (interval[0], interval[1]) if interval else None, count, cards=cards)


def _share(interval: Sequence[float] | None, cases: int, count: int) -> Value:
    value = round(cases / count, 4) if count else None
    return Value(value, (interval[0], interval[1]) if interval else None, count, cases)


def chance(a: Value, b: Value) -> float | None:
    """Return how often a difference as large as theirs comes by chance alone.

    None where one of them is of too few to have an interval, or two shares of too few on one
    side: nothing is claimed of those.
    """
    if a.interval is None or b.interval is None:
        return None
    if a.cases is not None and b.cases is not None:
        return _of_shares(a.cases, a.count, b.cases, b.count)
    return _of_means(a, b)


def _of_shares(part_a: int, whole_a: int, part_b: int, whole_b: int) -> float | None:
    """Return the chance by the test of two proportions with a common variance, two-sided."""
    common = (part_a + part_b) / (whole_a + whole_b)
    if min(common, 1 - common) * min(whole_a, whole_b) < MIN_EXPECTED:
        return None
    error = math.sqrt(common * (1 - common) * (1 / whole_a + 1 / whole_b))
    difference = part_a / whole_a - part_b / whole_b
    return math.erfc(abs(difference) / error / math.sqrt(2))


def _of_means(a: Value, b: Value) -> float | None:
    """Return the larger of the chances by Student's test and by Welch's.

    Each fails where the other holds. Where bad reviews are rare, a small side has none and seems
    far surer than it is: Welch's test takes its word, Student's the spread of both together. Where
    the small side is truly the more torn, that spread is not its own, and Welch's holds.
    """
    first, second = a.side, b.side
    if a.value is None or b.value is None or first is None or second is None:
        return None
    difference = a.value - b.value
    return max(pooled_p(difference, first, second), welch_p(difference, first, second))
