"""Weeks held against the weeks before them: which changes are more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from domain.certainty import MIN_COUNT, UNIT
from domain.statistics import Moments, discoveries, same_mean_p

#: A week is held against the last so many weeks before it that have any card, taken together …
WEEKS_BEFORE: Final = 4
#: … of those that lie no more than so many weeks back: what was said a year ago is another time.
WEEKS_BACK: Final = 8
#: Of the changes told, at most this share is expected to be chance.
FALSE_AT_MOST: Final = 0.05


def lasting(weeks: Mapping[str, Moments], trusted: Mapping[str, Moments]) -> dict[str, Any]:
    """Return the changes of `weeks` that go the same way among the `trusted` cards alone.

    A burst of bought praise is no better week, and its end no worse one.
    """
    there = changes(trusted)
    return {
        week: change
        for week, change in changes(weeks).items()
        if week in there and there[week]["direction"] == change["direction"]
    }


def changes(weeks: Mapping[str, Moments]) -> dict[str, Any]:
    """Return, for each week whose mean polarity is not that of the weeks before, how it changed.

    Weeks are named by their Monday (ISO 8601), in order, each with at least one card.
    `difference` is the week's mean less that of the weeks before it, in polarity; `p` is how
    often chance alone gives as much. The more weeks are looked at, the more chance gives, so
    each p is judged among all of them. Weeks of few cards, or after few, are not looked at.
    """
    names, own = list(weeks), list(weeks.values())
    found = []
    for at, past in enumerate(weeks_before(names)):
        before = sum((own[each] for each in past), Moments(0, 0, 0))
        if min(own[at].cases, before.cases) >= MIN_COUNT:
            found.append((names[at], own[at], before, same_mean_p(own[at], before)))
    real = discoveries([p for *_, p in found], FALSE_AT_MOST)
    return {
        name: _change(week, before, p)
        for (name, week, before, p), told in zip(found, real, strict=True)
        if told
    }


def weeks_before(names: Sequence[str]) -> list[range]:
    """Return, for each of the weeks in order, the places of those it is held against."""
    mondays = [date.fromisoformat(name) for name in names]
    back = timedelta(weeks=WEEKS_BACK)
    found = []
    for at, monday in enumerate(mondays):
        first = max(0, at - WEEKS_BEFORE)
        while monday - mondays[first] > back:
            first += 1
        found.append(range(first, at))
    return found


def _change(week: Moments, before: Moments, p: float) -> dict[str, Any]:
    difference = (week.mean - before.mean) / UNIT
    return {
        "direction": "better" if difference > 0 else "worse",
        "difference": round(difference, 4),
        "p": round(p, 4),
    }
