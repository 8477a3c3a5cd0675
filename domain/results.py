"""From counted cards to the one trusted result of a product."""

from __future__ import annotations

from collections import Counter
from typing import Any

from domain.certainty import RATING, mean, mean_within, share
from domain.doubted import Doubted
from domain.emotions import EMOTIONS
from domain.impacts import aspect_numbers, hurting, pleasing
from domain.signals import SignalKind
from domain.statistics import Moments
from domain.tally import Tally
from domain.trends import lasting

#: 2: intervals, rankings, changes and trust. Results of schema 1 have none of them.
RESULT_SCHEMA = 2
FEELINGS = ("positive", "neutral", "mixed", "negative")


def build_numbers(tally: Tally, doubted: Doubted | None = None) -> dict[str, Any]:
    """Return the numbers of a result: all that can be recomputed from the cards alone.

    Shares are of cards, 0..1; polarity −1..1; ratings 1..5; weeks are named by their Monday. An
    interval is [low, high] at 95 %, None of fewer than `MIN_COUNT` cases.
    """
    doubted = doubted or Doubted()
    aspects = _aspects(tally, doubted)
    return {
        "cards": tally.cards,
        "failures": dict(sorted(tally.failures.items())),
        "polarity": mean(tally.sums["polarity"], tally.cards),
        "polarity_interval": mean_within(tally.moments("polarity", tally.cards)),
        "intensity": mean(tally.sums["intensity"], tally.cards),
        **_feelings(tally),
        "emotions": _emotions(tally, doubted),
        "aspects": aspects,
        "pleases": pleasing(aspects),
        "hurts": hurting(aspects),
        "keywords": _keywords(tally),
        "ratings": _ratings(tally),
        "weeks": _weeks(tally, doubted),
        "languages": _group(tally.counts, "language:"),
        "flags": _flags(tally, doubted),
        "trust": _trust(tally, doubted),
    }


def _feelings(tally: Tally) -> dict[str, Any]:
    counts = {name: tally.counts["feeling:" + name] for name in FEELINGS}
    shares = {name: share(number, tally.cards) for name, number in counts.items()}
    return {"feelings": counts, "feeling_shares": shares}


def _flags(tally: Tally, doubted: Doubted) -> dict[str, int]:
    counts = Counter({"flag:" + flag: count for flag, count in doubted.flags.items()})
    return _group(tally.counts + counts, "flag:")


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


def _emotions(tally: Tally, doubted: Doubted) -> list[dict[str, Any]]:
    rows = [
        {
            "emotion": str(emotion),
            "primary": tally.counts["primary:" + emotion],
            **share(tally.counts["primary:" + emotion], tally.cards),
            "mean_score": mean(tally.sums["emotion:" + emotion], tally.cards),
            "quotes": _quotes(tally, doubted, "emotion:" + emotion),
        }
        for emotion in EMOTIONS
    ]
    return sorted(rows, key=lambda row: (-row["primary"], row["emotion"]))


def _aspects(tally: Tally, doubted: Doubted) -> list[dict[str, Any]]:
    rows = [
        {
            **aspect_numbers(tally, aspect, by_feeling),
            "quotes": {
                feeling: _quotes(tally, doubted, f"aspect:{aspect}|{feeling}")
                for feeling in ("positive", "negative")
            },
        }
        for aspect, by_feeling in _pairs(tally.counts, "aspect:").items()
    ]
    return sorted(rows, key=lambda row: (-row["mentions"], row["aspect"]))


def _keywords(tally: Tally, most: int = 40) -> list[dict[str, Any]]:
    counted = _group(tally.counts, "keyword:")
    return [
        {"keyword": word, "cards": n, "polarity": mean(tally.sums["keyword:" + word], n)}
        for word, n in list(counted.items())[:most]
    ]


def _ratings(tally: Tally) -> dict[str, Any]:
    rated = tally.counts["rated"]
    return {
        "rated": rated,
        "mean": mean(tally.sums["rating"], rated),
        "interval": mean_within(tally.moments("rating", rated), RATING),
        "stars": _pairs(tally.counts, "stars:"),
    }


def _weeks(tally: Tally, doubted: Doubted) -> list[dict[str, Any]]:
    weeks = _pairs(tally.counts, "week:")
    moments = _by_week(tally)
    changed = lasting(moments, _by_week(tally.less(doubted.tally)))
    return [
        {
            "week": week,
            "cards": own.cases,
            "polarity": mean(own.total, own.cases),
            "interval": mean_within(own),
            "negative_share": share(weeks[week].get("negative", 0), own.cases),
            "feelings": weeks[week],
            "change": changed.get(week),
        }
        for week, own in moments.items()
    ]


def _by_week(tally: Tally) -> dict[str, Moments]:
    """Return the polarities of the weeks that have cards, in order."""
    weeks = _pairs(tally.counts, "week:")
    counted = {week: sum(by_feeling.values()) for week, by_feeling in weeks.items()}
    return {week: tally.moments("week:" + week, n) for week, n in counted.items() if n}


def _trust(tally: Tally, doubted: Doubted) -> dict[str, Any]:
    """Return the signs of doubt, and the numbers with the doubted cards and without them."""
    groups = [
        {"kind": str(kind), "group": group, "cards": cards}
        for kind in SignalKind
        for group, cards in doubted.largest(kind)
    ]
    return {
        "doubted": doubted.tally.cards,
        "signals": {str(kind): doubted.signals[kind] for kind in SignalKind},
        "groups": groups,
        "all": _side(tally),
        "without": _side(tally.less(doubted.tally)),
    }


def _side(tally: Tally) -> dict[str, Any]:
    rated = tally.counts["rated"]
    return {
        "cards": tally.cards,
        "polarity": mean(tally.sums["polarity"], tally.cards),
        "polarity_interval": mean_within(tally.moments("polarity", tally.cards)),
        "rated": rated,
        "rating": mean(tally.sums["rating"], rated),
        "rating_interval": mean_within(tally.moments("rating", rated), RATING),
        **_feelings(tally),
    }


def _quotes(tally: Tally, doubted: Doubted, name: str) -> list[dict[str, Any]]:
    if name not in tally.quotes:
        return []
    return tally.quotes[name].listed(doubted=doubted.tally.quotes.get(name))
