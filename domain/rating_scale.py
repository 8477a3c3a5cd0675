"""Which scale ratings are on: five stars, ten points or a hundred.

The one rule for it, made for small files too. A rating speaks for the smallest scale that holds
it; the larger scale must be needed by more than a stray:

- a hundred points by more than half of the ratings: where most are stars, 77 is a slip;
- ten points by more than one in twenty, and by more than one where there are five or more.

Ratings beyond the scale that was found are strays. They never move the others; the reader puts
them in quarantine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from domain.errors import InvalidRequest

#: Between what a best rating that a person gives must lie: above the first, up to the second.
BEST_ABOVE, BEST_UP_TO = 1, 1000
_SCALES = _STARS, _POINTS, _HUNDRED = 5.0, 10.0, 100.0
#: From so many ratings on, a single one may be a stray.
_ENOUGH = 5
#: In a large file one rating in so many may be a stray.
_ONE_IN = 20
#: From so many ratings beyond it on, they may speak against a scale that others gave.
_MANY = 20


class Origin(StrEnum):
    """How we know a scale."""

    GIVEN = "given"  #: said with the request
    FOUND = "found"  #: by the ratings themselves
    ASSUMED = "assumed"  #: the rows looked at had no rating, later ones have


@dataclass(frozen=True, slots=True)
class RatingScale:
    """The worst and the best rating that can be given, and how we know."""

    worst: float
    best: float
    origin: Origin

    def doubted_by(self, beyond: int, ratings: int) -> bool:
        """Whether so many ratings beyond it, of so many it was not found from, speak against it.

        Not against a scale that was given: that one is the giver's to doubt.
        """
        many = beyond >= _MANY and beyond * _ONE_IN > ratings
        return many and self.origin is not Origin.GIVEN

    @classmethod
    def up_to(cls, best: float, origin: Origin) -> RatingScale:
        """Return the scale with this best rating: stars start at 1, points of a hundred at 0."""
        return cls(0.0 if best > _POINTS else 1.0, best, origin)

    def to_state(self) -> dict[str, Any]:
        """Return the scale as a JSON-able document."""
        return asdict(self) | {"origin": str(self.origin)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> RatingScale:
        """Return the scale that `to_state` wrote."""
        return cls(state["worst"], state["best"], Origin(state["origin"]))


#: What ratings are read on where nothing tells.
USUAL_SCALE = RatingScale.up_to(_STARS, Origin.ASSUMED)


def given_scale(best: float) -> RatingScale:
    """Return the scale whose best rating a person gave.

    Raises:
        InvalidRequest: not above 1, or over 1000.
    """
    if not BEST_ABOVE < best <= BEST_UP_TO:  # nor is NaN
        bounds = f"above {BEST_ABOVE} and at most {BEST_UP_TO}"
        raise InvalidRequest(f"the best rating of a scale is {bounds}, not {best:g}")
    return RatingScale.up_to(best, Origin.GIVEN)


def rating_number(raw: object) -> float | None:
    """Return a rating as a file has it as a number ("4,5" is 4.5), None where it is none."""
    try:
        value = float(str(raw).strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def find_scale(ratings: Iterable[object]) -> RatingScale | None:
    """Return the scale of the ratings as a file has them, None where none is a number.

    Zero says nothing: it is the worst of a hundred points, and "not rated" among stars.
    Numbers that are on no scale (−3, 1000) say nothing either.
    """
    values = (value for raw in ratings if (value := rating_number(raw)) is not None)
    speaking = Counter(_smallest_for(value) for value in values)
    if not speaking:
        return None
    stars, points, hundreds = (speaking[best] for best in _SCALES)
    if hundreds > stars + points:
        return RatingScale.up_to(_HUNDRED, Origin.FOUND)
    needed = points > _strays_among(stars + points)
    return RatingScale.up_to(_POINTS if needed else _STARS, Origin.FOUND)


def _smallest_for(value: float) -> float | None:
    return next((best for best in _SCALES if 0 < value <= best), None)


def _strays_among(count: int) -> int:
    return max(1, count // _ONE_IN) if count >= _ENOUGH else 0
