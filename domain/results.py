"""From counted cards to the one trusted result of a product."""

from __future__ import annotations

from collections import Counter
from typing import Any

from domain.doubted import Doubted
from domain.emotions import EMOTIONS
from domain.tally import UNIT, Tally

RESULT_SCHEMA = 1


def build_numbers(tally: Tally, doubted: Doubted | None = None) -> dict[str, Any]:
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
        "flags": _flags(tally, doubted or Doubted()),
    }


def _flags(tally: Tally, doubted: Doubted) -> dict[str, int]:
    counts = Counter({"flag:" + flag: count for flag, count in doubted.flags.items()})
    return _group(tally.counts + counts, "flag:")


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
