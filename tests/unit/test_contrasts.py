"""Two values held against each other: chance is seldom taken for a difference."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.contrasts import MIN_EXPECTED, Measure, Value, chance
from domain.statistics import Moments, Scale, mean_interval, same_mean_p, welch_p


def value_of(some: Sequence[int], scale: Scale = (-10_000, 10_000)) -> tuple[Value, Moments]:
    own = Moments(len(some), sum(some), sum(value * value for value in some))
    return Value(own.mean, mean_interval(own, scale), own.cases, scale=scale), own


@settings(max_examples=30)
@given(st.lists(st.integers(-10_000, 10_000), min_size=20, max_size=60), st.integers(0, 5000))
def test_the_chance_is_the_larger_of_two_tests(some: list[int], shift: int) -> None:
    (one, a), (other, b) = (
        value_of(some),
        value_of([min(value + shift, 10_000) for value in some[:-3]] + [0, 1, 2]),
    )
    welch = welch_p(a.mean - b.mean, (a.variance, a.cases), (b.variance, b.cases))
    expected = max(same_mean_p(a, b), welch)
    assert chance(one, other) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def claimed(here: Mapping[int, int], there: Mapping[int, int], few: int, many: int) -> float:
    """Return how often stars drawn with these weights are told apart at 5 %."""
    dice = random.Random(few + many)
    found = 0
    for _ in range(150):
        sides = [
            value_of(
                [10_000 * star for star in dice.choices(*zip(*w.items(), strict=True), k=n)],
                (10_000, 50_000),
            )[0]
            for w, n in ((here, few), (there, many))
        ]
        p = chance(*sides)
        assert p is not None
        found += p < 0.05
    return found / 150


@pytest.mark.parametrize(
    ("here", "there"),
    [
        # Where bad reviews are rare, few cards have none of them: that alone is no better product.
        ({5: 97, 1: 3}, {5: 97, 1: 3}),
        ({5: 90, 4: 6, 1: 4}, {5: 90, 4: 6, 1: 4}),
        ({5: 50, 1: 50}, {5: 50, 1: 50}),
        # One mean, but the few are torn and the many are not.
        ({5: 50, 1: 50}, {4: 10, 3: 80, 2: 10}),
    ],
)
def test_few_against_many_of_one_mean_are_seldom_told_apart(
    here: dict[int, int], there: dict[int, int]
) -> None:
    assert claimed(here, there, 25, 1500) <= 0.08


def test_what_differs_is_still_told_apart() -> None:
    assert claimed({5: 60, 1: 40}, {5: 90, 1: 10}, 25, 1500) >= 0.8
    assert claimed({5: 85, 1: 15}, {5: 97, 1: 3}, 100, 1500) >= 0.9
    assert claimed({5: 50, 1: 50}, {5: 80, 1: 20}, 100, 100) >= 0.95


def test_shares_of_hardly_any_or_of_nearly_all_are_not_tested() -> None:
    few, many = Value(0.01, (0.0, 0.1), 100, 1), Value(0.05, (0.0, 0.1), 100, 5)
    assert chance(few, many) is None
    enough = Value(0.12, (0.0, 0.2), 100, 2 * MIN_EXPECTED)
    # 1 and 10 of 100: z = 2.79.
    assert chance(few, enough) == pytest.approx(0.0053, abs=2e-4)
    assert chance(Value(1.0, (0.9, 1.0), 100, 100), Value(1.0, (0.9, 1.0), 50, 50)) is None


def test_only_some_measures_have_a_better_end() -> None:
    better = {
        Measure("polarity"): "high",
        Measure("rating_without"): "high",
        Measure("feeling", "negative"): "low",
        Measure("feeling", "mixed"): None,
        Measure("emotion", "joy"): "high",
        Measure("emotion", "disgust"): "low",
        Measure("emotion", "surprise"): None,
        Measure("aspect_polarity", "price"): "high",
        Measure("aspect_share", "price"): None,
    }
    assert {measure: measure.better for measure in better} == better
