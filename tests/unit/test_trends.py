"""Markers on weeks: few where nothing changed, one where something did."""

from __future__ import annotations

import random

from domain.certainty import MIN_COUNT
from domain.statistics import Moments
from domain.trends import WEEKS_BEFORE, changes

#: Polarities as an analyzer gives them: most reviews lean clearly to one side.
GOOD, BAD = (9800, 9300, 8700, 6000), (-9700, -8800, -5000)


def week(dice: random.Random, cards: int, bad: float) -> Moments:
    values = [dice.choice(BAD if dice.random() < bad else GOOD) for _ in range(cards)]
    return Moments(len(values), sum(values), sum(value * value for value in values))


def series(dice: random.Random, bads: list[float]) -> list[Moments]:
    return [week(dice, dice.randint(15, 80), bad) for bad in bads]


def test_where_nothing_changes_hardly_any_series_has_a_marker() -> None:
    dice = random.Random(3)
    # Also where a bad review is rare: a week without one seems surer than it is.
    for bad in (0.3, 0.1):
        marked = sum(any(changes(series(dice, [bad] * 26))) for _ in range(250))
        assert marked / 250 <= 0.08, bad


def test_a_real_shift_is_found_where_it_happens() -> None:
    dice = random.Random(4)
    found = wrong = 0
    for _ in range(100):
        marks = changes([week(dice, 60, bad) for bad in [0.2] * 13 + [0.5] * 13])
        told = marks[13]
        found += told is not None and told["direction"] == "worse" and told["difference"] < -0.2
        wrong += sum(mark is not None for mark in marks[:13])
    assert found >= 90
    # Of the markers up to there, few are chance.
    assert wrong <= 0.1 * found


def test_getting_better_is_told_as_well() -> None:
    dice = random.Random(5)
    marks = changes([week(dice, 200, bad) for bad in [0.7] * 6 + [0.2] * 2])
    assert marks[:6] == [None] * 6
    assert marks[6] is not None
    assert marks[6]["direction"] == "better"
    assert marks[6]["p"] == 0.0


def test_a_week_of_few_or_after_few_is_not_looked_at() -> None:
    few = Moments(MIN_COUNT - 1, 9000 * (MIN_COUNT - 1), 9000**2 * (MIN_COUNT - 1))
    enough = Moments(MIN_COUNT, -9000 * MIN_COUNT, 9000**2 * MIN_COUNT)
    assert changes([few, enough]) == [None, None]
    assert changes([enough, few]) == [None, None]
    # Weeks of few count together.
    assert changes([few, few, enough])[2] is not None
    assert changes([]) == []


def test_only_the_weeks_just_before_count() -> None:
    dice = random.Random(6)
    old = [week(dice, 300, 0.9) for _ in range(3)]
    since = [week(dice, 300, 0.2) for _ in range(WEEKS_BEFORE + 1)]
    assert changes([*old, *since])[-1] is None
