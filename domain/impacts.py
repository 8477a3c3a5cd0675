"""Aspects of a result: what is said of each, and how much it lifts or drags all cards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from domain.certainty import MIN_COUNT, POLARITY, in_ones, mean, mean_within, share
from domain.statistics import Interval, Moments, t_quantile
from domain.tally import Tally


def aspect_numbers(tally: Tally, aspect: str, by_feeling: Mapping[str, int]) -> dict[str, Any]:
    """Return the numbers of one aspect; `by_feeling` are its mentions.

    The independent cases are cards, not mentions: what one customer says twice is one opinion.
    """
    mentions = sum(by_feeling.values())
    cards = mentions - tally.counts["aspect_more:" + aspect]
    total = tally.sums["aspect_polarity:" + aspect]
    of_all = Moments(tally.cards, total, tally.squares["aspect:" + aspect])
    enough = cards >= MIN_COUNT
    # As many mentions that stand for themselves would say as much (Kish's effective size).
    cases = mentions**2 / (mentions + tally.counts["aspect_pairs:" + aspect])
    positive, negative = by_feeling.get("positive", 0), by_feeling.get("negative", 0)
    return {
        "aspect": aspect,
        "cards": cards,
        "mentions": mentions,
        "positive": positive,
        "neutral": by_feeling.get("neutral", 0),
        "negative": negative,
        "polarity": mean(total, mentions),
        "polarity_interval": _polarity_interval(tally, aspect, mentions, cards) if enough else None,
        "intensity": mean(tally.sums["aspect_intensity:" + aspect], mentions),
        "share_of_cards": share(cards, tally.cards),
        "positive_share": share(positive, mentions, cases),
        "negative_share": share(negative, mentions, cases),
        # How much the aspect lifts (or, below 0, drags) the average card.
        "impact": mean(total, tally.cards),
        "impact_interval": mean_within(of_all) if enough else None,
        "enough": enough,
    }


def _polarity_interval(tally: Tally, aspect: str, mentions: int, cards: int) -> list[float]:
    """Return the interval of the mean over mentions, which is a ratio of two sums over cards.

    With s the sum and m the number of a card's mentions, and r = Σs / Σm, the ratio's variance is
    that of s − r · m over the cards, divided by the square of the mean m (Cochran, Sampling
    Techniques, 6.3). As in every mean's interval there is a case more at each end of the scale:
    two cards with a mention each.
    """
    more = len(POLARITY)
    total = tally.sums["aspect_polarity:" + aspect] + sum(POLARITY)
    mentions, cards = mentions + more, cards + more
    ratio = total / mentions
    products = total + tally.sums["aspect_more:" + aspect]
    pairs = mentions + tally.counts["aspect_pairs:" + aspect]
    squares = tally.squares["aspect:" + aspect] + sum(end * end for end in POLARITY)
    residue = squares - 2 * ratio * products + ratio**2 * pairs
    # Rounding may carry a sum of squares that is nothing a hair under it.
    variance = max(residue, 0.0) * cards / (cards - 1)
    half = t_quantile(cards - 1) * math.sqrt(variance) / mentions
    return in_ones(Interval(ratio - half, ratio + half))


def pleasing(aspects: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the aspects that lift for certain, the strongest first."""
    found = [row for row in aspects if row["impact_interval"] and row["impact_interval"][0] > 0]
    return [row["aspect"] for row in sorted(found, key=lambda row: -row["impact"])]


def hurting(aspects: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the aspects that drag for certain, the strongest first."""
    found = [row for row in aspects if row["impact_interval"] and row["impact_interval"][1] < 0]
    return [row["aspect"] for row in sorted(found, key=lambda row: row["impact"])]
