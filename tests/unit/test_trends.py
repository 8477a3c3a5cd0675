"""Markers on weeks: few where nothing changed, one where something did."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from domain.certainty import MIN_COUNT
from domain.statistics import Moments
from domain.trends import WEEKS_BACK, WEEKS_BEFORE, changes, lasting, weeks_before

#: Polarities as an analyzer gives them: most reviews lean clearly to one side.
GOOD, BAD = (9800, 9300, 8700, 6000), (-9700, -8800, -5000)


def week(dice: random.Random, cards: int, bad: float) -> Moments:
    values = [dice.choice(BAD if dice.random() < bad else GOOD) for _ in range(cards)]
    return Moments(len(values), sum(values), sum(value * value for value in values))


def series(dice: random.Random, bads: list[float]) -> list[Moments]:
    return [week(dice, dice.randint(15, 80), bad) for bad in bads]


def dated(weeks: Sequence[Moments]) -> dict[str, Moments]:
    """Return the weeks one after another from a Monday on."""
    return {f"{date(2025, 1, 6) + timedelta(weeks=at)}": each for at, each in enumerate(weeks)}


def marked(weeks: Sequence[Moments]) -> list[dict[str, Any] | None]:
    named = dated(weeks)
    found = changes(named)
    return [found.get(name) for name in named]


def test_where_nothing_changes_hardly_any_series_has_a_marker() -> None:
    dice = random.Random(3)
    # Also where a bad review is rare: a week without one seems surer than it is.
    for bad in (0.3, 0.1):
        told = sum(any(marked(series(dice, [bad] * 26))) for _ in range(250))
        assert told / 250 <= 0.08, bad


def test_a_real_shift_is_found_where_it_happens() -> None:
    dice = random.Random(4)
    found = wrong = 0
    for _ in range(100):
        marks = marked([week(dice, 60, bad) for bad in [0.2] * 13 + [0.5] * 13])
        told = marks[13]
        found += told is not None and told["direction"] == "worse" and told["difference"] < -0.2
        wrong += sum(mark is not None for mark in marks[:13])
    assert found >= 90
    # Of the markers up to there, few are chance.
    assert wrong <= 0.1 * found


def test_getting_better_is_told_as_well() -> None:
    dice = random.Random(5)
    marks = marked([week(dice, 200, bad) for bad in [0.7] * 6 + [0.2] * 2])
    assert marks[:6] == [None] * 6
    assert marks[6] is not None
    assert marks[6]["direction"] == "better"
    assert marks[6]["p"] == 0.0


def test_a_week_of_few_or_after_few_is_not_looked_at() -> None:
    few = Moments(MIN_COUNT - 1, 9000 * (MIN_COUNT - 1), 9000**2 * (MIN_COUNT - 1))
    enough = Moments(MIN_COUNT, -9000 * MIN_COUNT, 9000**2 * MIN_COUNT)
    assert marked([few, enough]) == [None, None]
    assert marked([enough, few]) == [None, None]
    # Weeks of few count together.
    assert marked([few, few, enough])[2] is not None
    assert marked([]) == []


def test_only_the_weeks_just_before_count() -> None:
    dice = random.Random(6)
    old = [week(dice, 300, 0.9) for _ in range(3)]
    since = [week(dice, 300, 0.2) for _ in range(WEEKS_BEFORE + 1)]
    assert marked([*old, *since])[-1] is None


def test_what_was_said_long_ago_is_no_weeks_before() -> None:
    dice = random.Random(7)
    old, now = week(dice, 300, 0.9), week(dice, 300, 0.2)
    near, far = (f"{date(2026, 3, 2) - timedelta(weeks=n)}" for n in (WEEKS_BACK, WEEKS_BACK + 1))
    assert list(changes({near: old, "2026-03-02": now})) == ["2026-03-02"]
    assert changes({far: old, "2026-03-02": now}) == {}
    assert weeks_before([far, near, "2026-03-02"]) == [range(0), range(1), range(1, 2)]


def test_a_change_that_only_doubted_cards_make_is_not_told() -> None:
    dice = random.Random(8)
    true = [week(dice, 80, 0.5) for _ in range(8)] + [week(dice, 80, 0.9)]
    praise = [*true[:5], true[5] + week(dice, 60, 0.0), *true[6:]]
    names = list(dated(true))
    assert [changes(dated(praise))[name]["direction"] for name in names[5:7]] == ["better", "worse"]
    told = lasting(dated(praise), dated(true))
    assert [(name, change["direction"]) for name, change in told.items()] == [(names[8], "worse")]
    # A week of doubted cards alone is none without them.
    alone = dated([*true[:8], week(dice, 60, 0.0)])
    assert changes(alone)
    assert lasting(alone, dated(true[:8])) == {}
