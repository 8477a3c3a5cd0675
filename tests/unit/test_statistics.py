"""Intervals and tests give the numbers that the textbooks' formulas give.

The expected values were computed once with scipy: `stats.binomtest(k, n).proportion_ci(method=
"wilson")`, `stats.t.ppf`, `stats.t.interval`, `stats.ttest_ind(a, b)` and
`stats.ttest_ind(a, b, equal_var=False)`, `special.betainc`.
"""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.statistics import (
    Moments,
    discoveries,
    incomplete_beta,
    mean_interval,
    pooled_p,
    same_mean_p,
    share_interval,
    t_quantile,
    variance_within,
    welch_p,
)

SOME = (-5200, 3100, 900, -10000, 7400, -100)
OTHERS = (4100, 9000, 8800, -2000, 6100, 7000, 3300)


#: Between what polarities and stars lie, in ten-thousandths.
POLARITY, STARS = (-10_000, 10_000), (10_000, 50_000)


def moments(values: tuple[int, ...]) -> Moments:
    return Moments(len(values), sum(values), sum(value * value for value in values))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 20, 0.0, 0.16112515805281935),
        (20, 20, 0.8388748419471808, 1.0),
        (7, 25, 0.14283853850956568, 0.4757660519036158),
        (340, 1000, 0.31130188230514194, 0.36992268041023574),
    ],
)
def test_a_share_lies_in_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    assert share_interval(part, whole) == pytest.approx((low, high), abs=1e-12)


def test_a_share_of_cases_that_hang_together_is_less_sure() -> None:
    narrow, wide = share_interval(30, 100), share_interval(30, 100, 60)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert share_interval(18, 60) == pytest.approx(wide)


@pytest.mark.parametrize(
    ("freedom", "point"),
    [
        (10, 2.228138851986274),
        (19, 2.0930240544083087),
        (29, 2.045229642132703),
        (99, 1.9842169515864174),
        (1000, 1.9623390808264083),
    ],
)
def test_students_t(freedom: int, point: float) -> None:
    assert t_quantile(freedom) == pytest.approx(point, abs=1e-5)


def test_a_mean_lies_in_students_interval_with_a_case_more_at_each_end() -> None:
    found = mean_interval(moments(SOME + OTHERS), POLARITY)
    assert found == pytest.approx((-1461.10, 5781.10), abs=0.01)
    # No bad one among twenty is no proof that there is none.
    assert mean_interval(moments((50_000,) * 20), STARS).low < 45_000


@settings(max_examples=30)
@given(
    st.lists(st.integers(-10_000, 10_000), min_size=20, max_size=80), st.sampled_from((1.0, 1.5))
)
def test_the_variance_is_found_again_in_the_interval(values: list[int], each: float) -> None:
    own = moments(tuple(values))
    interval = mean_interval(own, POLARITY)
    found = variance_within(interval, own.mean, own.cases, POLARITY)
    assert found == pytest.approx(own.variance, rel=1e-6, abs=0.01)
    # Of a ratio's interval it is told as well, as far as mentions spread evenly.
    assert variance_within(interval, own.mean, own.cases, POLARITY, own.cases * each) >= 0


@pytest.mark.parametrize(
    ("a", "b", "x", "value"),
    [
        (9.5, 0.5, 0.3, 2.2827901039976593e-06),
        (9.5, 0.5, 0.99, 0.6662641376986583),
        (1.25, 0.5, 0.5, 0.22957323042856367),
        (2000, 0.5, 0.999, 0.04545975843785473),
        (0.5, 0.5, 0.1, 0.20483276469913345),
        (3, 7, 0.25, 0.399322509765625),
        (3, 7, 0, 0),
        (3, 7, 1, 1),
    ],
)
def test_the_incomplete_beta_function(a: float, b: float, x: float, value: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(value, rel=1e-9)


def test_two_means_of_a_handful_and_of_unequal_sides() -> None:
    assert same_mean_p(moments(SOME), moments(OTHERS)) == pytest.approx(0.06092977361733403)
    few = moments((10_000,) * 30 + (-9000,) * 25 + (0,) * 5)
    many = moments((9500,) * 400 + (-8000,) * 150)
    assert same_mean_p(few, many) == pytest.approx(0.0013468577299741923)
    assert same_mean_p(many, few) == pytest.approx(0.0013468577299741923)


def test_two_means_of_unequal_spread() -> None:
    assert welch_of(moments(SOME), moments(OTHERS)) == pytest.approx(0.07861681250883348)
    few = moments((10_000,) * 30 + (-9000,) * 25 + (0,) * 5)
    many = moments((9500,) * 400 + (-8000,) * 150)
    assert welch_of(few, many) == pytest.approx(0.006001422117505935)


def welch_of(a: Moments, b: Moments) -> float:
    return welch_p(a.mean - b.mean, (a.variance, a.cases), (b.variance, b.cases))


def test_constants_differ_or_they_do_not() -> None:
    one, other = moments((10_000,) * 20), moments((9000,) * 20)
    for chance in (same_mean_p, welch_of):
        assert chance(one, one) == 1.0
        assert chance(one, other) == 0.0
    assert pooled_p(0.0, (0.0, 20), (0.0, 20)) == 1.0


@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=60), st.integers(1, 58))
def test_moments_of_parts_are_those_of_the_whole(values: list[int], cut: int) -> None:
    whole = moments(tuple(values))
    assert moments(tuple(values[:cut])) + moments(tuple(values[cut:])) == whole
    # Never a hair under nothing, however alike the values are.
    assert whole.variance >= 0


@pytest.mark.parametrize("cases", [20, 30, 60, 100, 200])
@pytest.mark.parametrize("bad", [0.03, 0.05, 0.5])
def test_an_interval_holds_the_true_mean_as_often_as_it_says(bad: float, cases: int) -> None:
    """Also where nearly all give five stars and hardly any one star: reckoned, not drawn."""
    true = 50_000 - 40_000 * bad
    held = 0.0
    for low in range(cases + 1):
        stars = Moments(
            cases,
            50_000 * cases - 40_000 * low,
            50_000**2 * (cases - low) + 10_000**2 * low,
        )
        interval = mean_interval(stars, STARS)
        if interval.low <= true <= interval.high:
            held += math.comb(cases, low) * bad**low * (1 - bad) ** (cases - low)
    assert held >= 0.93
    # And is no wider than it has to be where both are many.
    assert bad < 0.5 or held <= 0.97


def test_of_many_tests_those_are_believed_that_stand_out_among_all() -> None:
    # The example of Benjamini and Hochberg, 1995: four of fifteen at 5 %.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    chances += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert discoveries(chances) == [True] * 4 + [False] * 11
    shuffled = random.Random(2).sample(chances, 15)
    assert discoveries(shuffled) == [p <= 0.0095 for p in shuffled]
    assert discoveries([]) == []
    # One that is late in rank carries those before it along.
    assert discoveries([0.04, 0.045]) == [True, True]
