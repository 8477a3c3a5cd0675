"""Weeks of a result gathered into as many bars as an eye can follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from domain.tally import feeling_of
from reports.words import Words

#: More bars than this are too thin on a phone.
MAX_BARS: Final = 60


@dataclass(slots=True)
class Period:
    """One bar: its first day, its cards by feeling, their mean polarity."""

    start: date
    feelings: Counter[str] = field(default_factory=Counter)
    #: Sum of the cards' polarities.
    weight: float = 0.0
    #: Between what the mean lies; only of a bar of one week.
    interval: Sequence[float] | None = None
    #: "better" or "worse", of the weeks in it that changed beyond chance.
    changes: list[str] = field(default_factory=list)

    @property
    def cards(self) -> int:
        """How many cards the bar stands for."""
        return sum(self.feelings.values())

    @property
    def polarity(self) -> float | None:
        """Mean polarity, None without cards."""
        return self.weight / self.cards if self.cards else None

    @property
    def feeling(self) -> str:
        """The feeling of the mean."""
        return feeling_of(self.polarity or 0.0)


@dataclass(frozen=True, slots=True)
class Unit:
    """A length of time: which slot a day falls in, when a slot starts, how it is written."""

    words: Words
    slot: Callable[[date], int]
    start: Callable[[int], date]
    short: Callable[[date], str]


UNITS: Final = (
    Unit(
        Words("주별(월요일 시작)", "By week, from Monday"),
        # Day 1 of the calendar is a Monday.
        lambda day: (day.toordinal() - 1) // 7,
        lambda slot: date.fromordinal(slot * 7 + 1),
        lambda day: f"{day:%m-%d}",
    ),
    Unit(
        Words("월별", "By month"),
        lambda day: day.year * 12 + day.month - 1,
        lambda slot: date(slot // 12, slot % 12 + 1, 1),
        lambda day: f"{day:%m}",
    ),
    Unit(
        Words("분기별", "By quarter"),
        lambda day: day.year * 4 + (day.month - 1) // 3,
        lambda slot: date(slot // 4, slot % 4 * 3 + 1, 1),
        lambda day: f"Q{(day.month + 2) // 3}",
    ),
    Unit(
        Words("연도별", "By year"),
        lambda day: day.year,
        lambda slot: date(slot, 1, 1),
        lambda day: f"{day.year}",
    ),
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a hole between them, and the cards too old to be among them."""

    unit: Unit
    periods: tuple[Period, ...]
    left_out: int

    @property
    def most(self) -> int:
        """Cards of the tallest bar."""
        return max(period.cards for period in self.periods)


def gather(weeks: Sequence[Mapping[str, Any]]) -> Timeline | None:
    """Return the weeks in the finest unit that fits `MAX_BARS`; None without weeks.

    A week belongs to the month, quarter or year of its Thursday, as in ISO 8601.
    """
    if not weeks:
        return None
    days = [date.fromisoformat(week["week"]) for week in weeks]
    for unit in UNITS:
        slots = [unit.slot(_middle(day)) for day in days]
        if max(slots) - min(slots) < MAX_BARS:
            break
    return _timeline(unit, slots, weeks)


def _middle(monday: date) -> date:
    return monday + timedelta(days=3)


def _timeline(unit: Unit, slots: Sequence[int], weeks: Sequence[Mapping[str, Any]]) -> Timeline:
    last = max(slots)
    first = max(min(slots), last - MAX_BARS + 1)
    periods = [Period(unit.start(slot)) for slot in range(first, last + 1)]
    left_out = 0
    for slot, week in zip(slots, weeks, strict=True):
        if slot < first:
            left_out += week["cards"]
            continue
        period = periods[slot - first]
        period.feelings.update(week["feelings"])
        period.weight += week["polarity"] * week["cards"]
        # Results of schema 1 have neither.
        period.interval = week.get("interval") if unit is UNITS[0] else None
        if week.get("change"):
            period.changes.append(week["change"]["direction"])
    return Timeline(unit, tuple(periods), left_out)
