"""How fast a count grows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.rates import Rate, clock


def test_one_moment_is_no_speed() -> None:
    rate = Rate()
    assert rate.per_second == 0
    rate.note(1.0, 100)
    assert rate.per_second == 0


def test_two_moments_give_the_growth_a_second() -> None:
    rate = Rate()
    rate.note(10.0, 100)
    rate.note(12.0, 500)
    assert rate.per_second == 200


def test_what_was_long_ago_does_not_count() -> None:
    rate = Rate(window=5)
    for second in range(100):
        rate.note(float(second), 1000 * second if second < 50 else 50_000)
    assert rate.per_second == 0


def test_a_pause_between_two_looks_keeps_the_last_speed_measurable() -> None:
    rate = Rate(window=5)
    rate.note(0.0, 0)
    rate.note(60.0, 600)
    assert rate.per_second == 10


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 10_000)), max_size=50))
def test_a_speed_is_never_negative_and_memory_is_bounded(steps: list[tuple[float, int]]) -> None:
    rate, moment = Rate(window=1), 0.0
    for pause, count in steps:
        moment += pause
        rate.note(moment, count)
        assert rate.per_second >= 0


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (75.9, "01:15"), (3599, "59:59"), (3675, "1:01:15")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
