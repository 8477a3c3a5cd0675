"""Weeks gathered into bars: none lost, none invented, never too many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import MAX_BARS, UNITS, gather
from reports.timeline import _ceiling, draw

MONDAY = date(2025, 1, 6)


def week(monday: date, *, positive: int = 1, negative: int = 0, polarity: float = 0.5) -> Any:
    """Return a week as a result holds it."""
    feelings = {"positive": positive, "negative": negative}
    return {
        "week": monday.isoformat(),
        "cards": positive + negative,
        "polarity": polarity,
        "feelings": {name: n for name, n in feelings.items() if n},
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 60_000), st.integers(1, 50), st.integers(0, 50), st.floats(-1, 1)),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[0],
    )
)
def test_no_card_is_lost_and_means_stay_means(rows: list[tuple[int, int, int, float]]) -> None:
    weeks = [
        week(date(850, 1, 6) + timedelta(weeks=at), positive=p, negative=n, polarity=polarity)
        for at, p, n, polarity in sorted(rows)
    ]
    timeline = gather(weeks)
    assert timeline is not None
    drawn = sum(period.cards for period in timeline.periods)
    assert drawn + timeline.left_out == sum(row["cards"] for row in weeks)
    assert 1 <= len(timeline.periods) <= MAX_BARS
    assert timeline.periods[-1].cards > 0
    starts = [period.start for period in timeline.periods]
    assert starts == sorted(set(starts))
    if not timeline.left_out:
        total = sum(period.weight for period in timeline.periods)
        assert total == pytest.approx(sum(row["polarity"] * row["cards"] for row in weeks))
    assert 'role="img"' in draw(timeline)


@pytest.mark.parametrize(
    ("weeks_apart", "unit", "bars"),
    [(1, 0, 2), (59, 0, 60), (60, 1, 15), (250, 1, 58), (400, 2, 31), (1500, 3, 29)],
)
def test_the_finest_unit_that_fits_is_taken(weeks_apart: int, unit: int, bars: int) -> None:
    timeline = gather([week(MONDAY), week(MONDAY + timedelta(weeks=weeks_apart))])
    assert timeline is not None
    assert timeline.unit is UNITS[unit]
    assert len(timeline.periods) == bars


def test_cards_older_than_the_last_bars_are_counted() -> None:
    timeline = gather([week(date(1700, 1, 4), positive=3), week(MONDAY)])
    assert timeline is not None
    assert timeline.left_out == 3
    assert len(timeline.periods) == MAX_BARS


def test_a_week_keeps_its_monday_and_a_month_takes_weeks_by_their_thursday() -> None:
    short = gather([week(MONDAY)])
    assert short is not None
    assert short.periods[0].start == MONDAY
    # The week of Monday 30 June 2025 has its Thursday in July.
    long = gather([week(date(2024, 1, 1)), week(date(2025, 6, 30), positive=9)])
    assert long is not None
    assert (long.periods[-1].start, long.periods[-1].cards) == (date(2025, 7, 1), 9)


def test_without_weeks_there_is_no_timeline() -> None:
    assert gather([]) is None


@given(st.integers(1, 10**7))
def test_the_axis_holds_the_tallest_bar_and_halves_evenly(most: int) -> None:
    top = _ceiling(most)
    assert most <= top <= max(2, 2 * most)
    assert top % 2 == 0
