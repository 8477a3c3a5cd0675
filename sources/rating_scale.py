"""Which scale a file's ratings are on: five stars, ten points or a hundred."""

from __future__ import annotations

import math
from collections.abc import Iterable

from domain.errors import InvalidRequest

_SCALES = (5.0, 10.0, 100.0)
#: Some rows of a real file hold nonsense; they must not choose the scale for the others.
_SHARE = 0.95


def find_scale(ratings: Iterable[object]) -> float | None:
    """Return the smallest scale that nearly all of the ratings fit, None without ratings."""
    values = [value for raw in ratings if (value := _number(raw)) is not None]
    if not values:
        return None
    for best in _SCALES:
        if sum(value <= best for value in values) >= _SHARE * len(values):
            return best
    return _SCALES[-1]


def worst_of(best: float) -> float:
    """Return the lowest rating of a scale: points out of a hundred start at 0, stars at 1."""
    return 0.0 if best > 10 else 1.0


def checked_scale(best: float | None) -> float | None:
    """Return a scale's best rating as a person gave it.

    Raises:
        InvalidRequest: not above 1, or not finite.
    """
    if best is not None and not (best > 1 and math.isfinite(best)):
        raise InvalidRequest(f"the best rating must be above 1, not {best:g}")
    return best


def _number(raw: object) -> float | None:
    try:
        value = float(str(raw).strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
