"""From counted cards to the one trusted result of a product."""

from __future__ import annotations

from collections import Counter
from typing import Any

from domain.certainty import mean, mean_within, share
from domain.doubted import Doubted
from domain.emotions import EMOTIONS
from domain.impacts import aspect_numbers, hurting, pleasing
from domain.signals import SignalKind
from domain.tally import Tally
from domain.trends import changes

#: 2: intervals, rankings, changes and trust. Results of schema 1 have none of them.
RESULT_SCHEMA = 2
FEELINGS = ("positive", "neutral", "mixed", "negative")


def build_numbers(tally: Tally, doubted: Doubted | None = None) -> dict[str, Any]:
    """Return the numbers of a result: all that can be recomputed from the cards alone.

    Shares are of cards, 0..1; polarity −1..1; ratings 1..5; weeks are named by their Monday. An
    interval is [low, high] at 95 %, None of fewer than `MIN_COUNT` cases.
    """
    doubted = doubted or Doubted()
    aspects = _aspects(tally)
    return {
        "cards": tally.cards,
        "failures": dict(sorted(tally.failures.items())),
        "polarity": mean(tally.sums["polarity"], tally.cards),
        "polarity_interval": mean_within(tally.moments("polarity", tally.cards)),
        "intensity": mean(tally.sums["intensity"], tally.cards),
        **_feelings(tally),
        "emotions": _emotions(tally),
        "aspects": aspects,
        "pleases": pleasing(aspects),
        "hurts": hurting(aspects),
        "keywords": _keywords(tally),
        "ratings": _ratings(tally),
        "weeks": _weeks(tally),
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


def _emotions(tally: Tally) -> list[dict[str, Any]]:
    rows = [
        {
            "emotion": str(emotion),
            "primary": tally.counts["primary:" + emotion],
            **share(tally.counts["primary:" + emotion], tally.cards),
            "mean_score": mean(tally.sums["emotion:" + emotion], tally.cards),
            "quotes": _quotes(tally, "emotion:" + emotion),
        }
        for emotion in EMOTIONS
    ]
    return sorted(rows, key=lambda row: (-row["primary"], row["emotion"]))


def _aspects(tally: Tally) -> list[dict[str, Any]]:
    rows = [
        {
            **aspect_numbers(tally, aspect, by_feeling),
            "quotes": {
                feeling: _quotes(tally, f"aspect:{aspect}|{feeling}")
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
        "interval": mean_within(tally.moments("rating", rated)),
        "stars": _pairs(tally.counts, "stars:"),
    }


def _weeks(tally: Tally) -> list[dict[str, Any]]:
    weeks = _pairs(tally.counts, "week:")
    moments = [
        tally.moments("week:" + week, sum(by_feeling.values()))
        for week, by_feeling in weeks.items()
    ]
    return [
        {
            "week": week,
            "cards": own.cases,
            "polarity": mean(own.total, own.cases),
            "interval": mean_within(own),
            "negative_share": share(by_feeling.get("negative", 0), own.cases),
            "feelings": by_feeling,
            "change": change,
        }
        for (week, by_feeling), own, change in zip(
            weeks.items(), moments, changes(moments), strict=True
        )
    ]


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
        "rating_interval": mean_within(tally.moments("rating", rated)),
        **_feelings(tally),
    }


def _quotes(tally: Tally, name: str) -> list[dict[str, Any]]:
    return tally.quotes[name].listed() if name in tally.quotes else []
