"""Weeks held against the weeks before them: which changes are more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from domain.certainty import MIN_COUNT, UNIT
from domain.statistics import Moments, discoveries, same_mean_p

#: A week is held against so many weeks before it that have any card, taken together.
WEEKS_BEFORE: Final = 4
#: Of the changes told, at most this share is expected to be chance.
FALSE_AT_MOST: Final = 0.05


def changes(weeks: Sequence[Moments]) -> list[dict[str, Any] | None]:
    """Return, for each week in order, how its mean polarity changed; None where it is chance.

    `difference` is the week's mean less that of the weeks before it, in polarity; `p` is how
    often chance alone gives as much. The more weeks are looked at, the more chance gives, so
    each p is judged among all of them. Weeks of few cards, or after few, are not looked at.
    """
    before = [_together(weeks[max(0, at - WEEKS_BEFORE) : at]) for at in range(len(weeks))]
    tested = [
        at
        for at, (week, past) in enumerate(zip(weeks, before, strict=True))
        if min(week.cases, past.cases) >= MIN_COUNT
    ]
    chances = [same_mean_p(weeks[at], before[at]) for at in tested]
    found: list[dict[str, Any] | None] = [None] * len(weeks)
    for at, p, real in zip(tested, chances, discoveries(chances, FALSE_AT_MOST), strict=True):
        if real:
            found[at] = _change(weeks[at], before[at], p)
    return found


def _together(weeks: Sequence[Moments]) -> Moments:
    return Moments(
        sum(week.cases for week in weeks),
        sum(week.total for week in weeks),
        sum(week.squares for week in weeks),
    )


def _change(week: Moments, before: Moments, p: float) -> dict[str, Any]:
    difference = (week.mean - before.mean) / UNIT
    return {
        "direction": "better" if difference > 0 else "worse",
        "difference": round(difference, 4),
        "p": round(p, 4),
    }
