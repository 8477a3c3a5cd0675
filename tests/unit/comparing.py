"""Results to be compared, with the numbers that a test wants and nothing left to chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.coverage import Coverage
from domain.emotions import EMOTIONS
from domain.statistics import share_interval, t_quantile

#: Below it a result has no interval.
FEW = 20


def mean_of(mean: float | None, count: int, deviation: float = 0.5) -> list[float] | None:
    """Return the interval of a mean, as results have it."""
    if mean is None or count < FEW:
        return None
    # As of so many values of this mean and deviation, and one more at each end of the scale.
    ends = (1.0, 5.0) if deviation >= 1 else (-1.0, 1.0)
    more = count + 2
    centre = (mean * count + sum(ends)) / more
    spread = deviation**2 * (count - 1) + count * (mean - centre) ** 2
    spread += sum((end - centre) ** 2 for end in ends)
    half = t_quantile(more - 1) * (spread / (more - 1) / more) ** 0.5
    return [round(centre - half, 4), round(centre + half, 4)]


def share_of(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its interval, as results have it."""
    enough = whole >= FEW
    interval = [round(end, 4) for end in share_interval(part, whole)] if enough else None
    return {"share": round(part / whole, 4) if whole else None, "interval": interval}


def aspect_of(
    name: str, polarity: float, mentions: int, cards: int, **words: str
) -> dict[str, Any]:
    """Return an aspect's row; `words` are its quotes: positive="…", negative="…"."""
    quotes = {
        side: [{"text": words[side], "review_id": "r-1", "start": 0, "end": len(words[side])}]
        if side in words
        else []
        for side in ("positive", "negative")
    }
    own = min(mentions, cards)
    return {
        "aspect": name,
        "cards": own,
        "mentions": mentions,
        "positive": mentions if polarity > 0 else 0,
        "neutral": 0,
        "negative": 0 if polarity > 0 else mentions,
        "polarity": polarity,
        "polarity_interval": mean_of(polarity, own, 0.4),
        "intensity": 0.5,
        "impact": round(polarity * mentions / cards, 4),
        "share_of_cards": share_of(own, cards),
        "quotes": quotes,
    }


def numbers_of(
    cards: int,
    polarity: float = 0.2,
    *,
    positive: float = 0.5,
    joy: float = 0.4,
    rating: float | None = 4.0,
    aspects: Mapping[str, tuple[float, int]] | None = None,
    words: Mapping[str, str] | None = None,
    doubted: int = 0,
) -> dict[str, Any]:
    """Return the numbers of so many cards, with the shares of positive and joyful ones."""
    good, glad = round(cards * positive), round(cards * joy)
    feelings = {"positive": good, "neutral": 0, "mixed": 0, "negative": cards - good}
    led = {"joy": glad, "anger": cards - glad}
    rated = cards if rating is not None else 0
    whole = {
        "cards": cards,
        "polarity": polarity if cards else None,
        "polarity_interval": mean_of(polarity, cards),
        "rated": rated,
        "rating": rating if cards else None,
        "rating_interval": mean_of(rating, rated, 1.0),
    }
    return {
        "cards": cards,
        "failures": {},
        "polarity": whole["polarity"],
        "polarity_interval": whole["polarity_interval"],
        "feelings": feelings,
        "feeling_shares": {name: share_of(count, cards) for name, count in feelings.items()},
        "emotions": [
            {"emotion": str(e), "primary": led.get(e, 0), **share_of(led.get(e, 0), cards)}
            for e in EMOTIONS
        ],
        "aspects": [
            aspect_of(name, mean, mentions, cards, **(words or {}))
            for name, (mean, mentions) in (aspects or {}).items()
        ],
        "ratings": {"rated": rated, "mean": whole["rating"], "interval": whole["rating_interval"]},
        "trust": {"doubted": doubted, "all": whole, "without": {**whole, "cards": cards - doubted}},
    }


def result_of(task_id: str, numbers: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """Return a result with these numbers, of a product of its own."""
    name = changed.pop("name", f"상품 {task_id}")
    result = {
        "task_id": task_id,
        "product_id": f"product-{task_id}",
        "product": {"name": name, "brand": None, "category": None, "url": None},
        "status": "completed",
        "source": f"/reviews/{task_id}.csv",
        "analyzer_version": "model-1",
        "created_at": "2026-03-03T05:12:44+00:00",
        "coverage": Coverage(pages=1, collected=numbers["cards"]).to_state(),
        "numbers": numbers,
    }
    return result | changed
