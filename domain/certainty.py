"""Numbers as a result keeps them: rounded, and each share and mean with how sure it is."""

from __future__ import annotations

from typing import Any, Final

from domain.statistics import Interval, Moments, Scale, mean_interval, share_interval

#: Of fewer cases nothing is claimed: no interval, no ranking, no change.
MIN_COUNT: Final = 20
#: Scores are kept in this many parts of one.
UNIT: Final = 10_000
_PLACES: Final = 4
#: Between what the values of a mean can lie, in units.
POLARITY: Final[Scale] = (-UNIT, UNIT)
RATING: Final[Scale] = (UNIT, 5 * UNIT)


def mean(units: int, count: int) -> float | None:
    """Return the mean of a sum in units; None of nothing."""
    return round(units / UNIT / count, _PLACES) if count else None


def mean_within(moments: Moments, scale: Scale = POLARITY) -> list[float] | None:
    """Return between what the mean of values in units lies; None of too few."""
    return in_ones(mean_interval(moments, scale)) if moments.cases >= MIN_COUNT else None


def in_ones(interval: Interval) -> list[float]:
    """Return an interval in units as one of scores."""
    return rounded(Interval(interval.low / UNIT, interval.high / UNIT))


def rounded(interval: Interval) -> list[float]:
    """Return an interval as a result keeps it."""
    return [round(interval.low, _PLACES), round(interval.high, _PLACES)]


def share(part: int, whole: int, cases: float | None = None) -> dict[str, Any]:
    """Return a share (None of nothing) and between what it lies (None of too few).

    `cases` is how many cases that stand for themselves the share rests on, where they are fewer
    than `whole`.
    """
    if not whole:
        return {"share": None, "interval": None}
    enough = (whole if cases is None else cases) >= MIN_COUNT
    interval = rounded(share_interval(part, whole, cases)) if enough else None
    return {"share": round(part / whole, _PLACES), "interval": interval}
