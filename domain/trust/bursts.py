"""Bursts: days with far more reviews than the product's own, and more of one mind than the rest.

Both are asked for. A launch or a sale brings many reviews with the usual mix; a product that
pleases everybody has one-sided days of the usual size.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from domain.trust.chances import overlap_tail, poisson_tail
from domain.trust.corpus import UNDATED

_DAY = 24 * 3600 * 1000
#: How rare a day's number, and then its one-sidedness, must be, all days and windows together.
CHANCE = 0.001
#: Reviews that a burst has at least, and how many times the usual number a day.
LEAST_COUNT = 10
LEAST_TIMES = 4.0
#: Days of one burst at most: what lasts longer is a season.
MOST_DAYS = 7
#: Share of one side in a burst at least, and how far over its share in the rest.
LEAST_SHARE = 0.8
LEAST_MORE = 0.15
#: Reviews outside of all bursts, at least, to know the product's own mix.
LEAST_REST = 20
#: What is usual on a day is learnt from so many days before it and as many after it.
REACH = 28
#: Before or after alone tell it too, from so many days: most of them lie outside of a burst.
_ENOUGH_DAYS = 3 * MOST_DAYS
#: No product is so quiet that a day's usual number is less.
_QUIETEST = 0.05


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst: its first day, and the reviews of the side that dominates it."""

    first_day: str
    rows: NDArray[np.int64]


def find_bursts(moments: NDArray[np.int64], sides: NDArray[np.int8]) -> list[Burst]:
    """Return the bursts among reviews, given when they were written and where they stand."""
    dated = np.flatnonzero(moments != UNDATED)
    if len(dated) < LEAST_COUNT + LEAST_REST:
        return []
    days = moments[dated] // _DAY
    windows = _windows(days)
    within = np.full(len(dated), -1, dtype=np.int64)
    for number, (first, last) in enumerate(windows):
        within[(days >= first) & (days <= last)] = number
    found = []
    for number, (first, _) in enumerate(windows):
        side = _dominating(sides[dated], within, number, len(windows))
        if side:
            rows = dated[(within == number) & (sides[dated] == side)]
            found.append(Burst(_named(first), rows))
    return found


def _windows(days: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the runs of days with far too many reviews, as first and last day."""
    numbers, counts = np.unique(days, return_counts=True)
    length = int(numbers[-1] - numbers[0]) + 1
    loud = [
        int(numbers[place])
        for place in np.flatnonzero(counts >= LEAST_COUNT).tolist()
        if _is_loud(int(counts[place]), _usual_around(numbers, counts, place), length)
    ]
    windows: list[tuple[int, int]] = []
    for day in loud:
        if windows and day - windows[-1][1] == 1:
            windows[-1] = (windows[-1][0], day)
        else:
            windows.append((day, day))
    return [(first, last) for first, last in windows if last - first < MOST_DAYS]


def _is_loud(count: int, usual: float, length: int) -> bool:
    """Whether a day's number is too large, in a product that has `length` days."""
    return count >= LEAST_TIMES * usual and poisson_tail(count, usual) * length < CHANCE


def _usual_around(numbers: NDArray[np.int64], counts: NDArray[np.int64], place: int) -> float:
    """Return the usual number of reviews a day around a day.

    The days around decide, not the product's whole time: one review of years ago, or a quiet
    first year, says nothing of this season. The larger of before, after and both counts, so that
    neither the first days of a season nor the last stand out against the quiet beside it.
    """
    day = int(numbers[place])
    first, last = max(int(numbers[0]), day - REACH), min(int(numbers[-1]), day + REACH)
    usual = _QUIETEST
    for start, stop in ((first, last), (first, day - 1), (day + 1, last)):
        if stop - start + 1 >= _ENOUGH_DAYS or (start, stop) == (first, last):
            low, high = np.searchsorted(numbers, (start, stop + 1)).tolist()
            usual = max(usual, _usual(counts[low:high], stop - start + 1))
    return usual


def _usual(counts: NDArray[np.int64], length: int) -> float:
    """Return the mean number a day, of days that are no outliers; days without reviews count."""
    usual = float(counts.sum()) / length
    while True:
        plain = counts[counts <= usual + 4 * usual**0.5 + 1]
        quiet = length - (len(counts) - len(plain))
        lower = max(_QUIETEST, float(plain.sum()) / quiet) if quiet else usual
        if lower >= usual:
            return max(_QUIETEST, usual)
        usual = lower


def _dominating(
    sides: NDArray[np.int8], within: NDArray[np.int64], number: int, windows: int
) -> int:
    """Return the side of which a window has significantly more than the rest, 0 for none."""
    here, rest = sides[within == number], sides[within == -1]
    if len(rest) < LEAST_REST:
        return 0
    side = 1 if (here == 1).sum() >= (here == -1).sum() else -1
    hits, usual = int((here == side).sum()), int((rest == side).sum())
    share = hits / len(here)
    if hits < LEAST_COUNT or share < LEAST_SHARE or share - usual / len(rest) < LEAST_MORE:
        return 0
    chance = overlap_tail(hits, len(here), hits + usual, len(here) + len(rest))
    # Two sides could have dominated each of the windows.
    return side if chance * 2 * windows < CHANCE else 0


def _named(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
