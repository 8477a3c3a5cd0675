"""Bursts: far more reviews than usual and of one mind; neither alone is one."""

from __future__ import annotations

import random
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from domain.trust import find_bursts
from domain.trust.bursts import Burst
from domain.trust.chances import overlap_tail, poisson_tail
from domain.trust.corpus import UNDATED

DAY = 24 * 3600 * 1000
FIRST = 20_500
#: Of ten reviews of an honest day six praise and two condemn.
MIX = (1, 1, 1, 1, 1, 1, 0, 0, -1, -1)

Day = tuple[int, int]


def honest(days: int = 120, seed: int = 3) -> list[Day]:
    """Return about three reviews a day, as day and side."""
    dice = random.Random(seed)
    return [(day, dice.choice(MIX)) for day in range(days) for _ in range(dice.randrange(7))]


def bursts(reviews: list[Day]) -> list[Burst]:
    days, sides = zip(*reviews, strict=True)
    moments = (np.array(days, dtype=np.int64) + FIRST) * DAY + 9 * 3600 * 1000
    return find_bursts(moments, np.array(sides, dtype=np.int8))


@pytest.mark.parametrize("side", [1, -1])
def test_a_day_of_far_more_and_of_one_mind_is_a_burst(side: int) -> None:
    usual = honest()
    planted = [(60, side)] * 40
    (burst,) = bursts([*usual, *planted])
    assert burst.first_day == "2026-04-17"
    reviews = [*usual, *planted]
    # Of that day's honest reviews those of the other side are not flagged.
    assert {reviews[row] for row in burst.rows} == {(60, side)}
    assert len(burst.rows) >= 40


def test_a_burst_may_take_a_few_days_and_a_season_is_none() -> None:
    few = [(day, 1) for day in (50, 51, 52) for _ in range(30)]
    (burst,) = bursts([*honest(), *few])
    assert burst.first_day == "2026-04-07"
    assert len(burst.rows) >= 90
    season = [(day, 1) for day in range(50, 62) for _ in range(30)]
    assert bursts([*honest(), *season]) == []


def test_a_sale_or_a_launch_with_the_usual_mix_is_none() -> None:
    dice = random.Random(5)
    sale = [(60, dice.choice(MIX)) for _ in range(120)]
    launch = [(0, dice.choice(MIX)) for _ in range(300)]
    assert bursts([*honest(), *sale, *launch]) == []


def season(seed: int = 3) -> list[Day]:
    """Return sixty days of about twelve honest reviews."""
    dice = random.Random(seed)
    return [(day, dice.choice(MIX)) for day in range(60) for _ in range(dice.randrange(9, 16))]


@pytest.mark.parametrize("earlier", [60, 200, 400, 730, 1095, 19_000])
def test_one_old_review_neither_hides_a_burst_nor_makes_others(earlier: int) -> None:
    reviews = [*season(), *[(30, 1)] * 120, (-earlier, 1)]
    (burst,) = bursts(reviews)
    assert {reviews[row] for row in burst.rows} == {(30, 1)}


def test_a_quiet_past_hides_nothing_and_makes_no_burst_of_a_season() -> None:
    quiet = [(-day, 1) for day in range(7, 370, 7)]
    assert bursts([*quiet, *season()]) == []
    (burst,) = bursts([*quiet, *season(), *[(30, 1)] * 120])
    assert 120 <= len(burst.rows) <= 135


def test_one_mind_on_days_of_the_usual_size_is_none() -> None:
    reviews = [(day, 1 if 40 <= day < 47 else side) for day, side in honest()]
    assert bursts(reviews) == []


def test_a_product_that_pleases_nearly_all_has_no_bursts_of_praise() -> None:
    pleased = [(day, 1 if number % 20 else -1) for number, (day, _) in enumerate(honest())]
    assert bursts([*pleased, *[(60, 1)] * 40]) == []
    assert len(bursts([*pleased, *[(60, -1)] * 40])) == 1


def test_without_dates_or_with_few_reviews_nothing_is_said() -> None:
    undated = np.full(100, UNDATED, dtype=np.int64)
    assert find_bursts(undated, np.ones(100, dtype=np.int8)) == []
    assert bursts([*[(n, -1) for n in range(15)], *[(20, 1)] * 14]) == []
    assert bursts([(5, 1)] * 500) == []


@pytest.mark.parametrize("seed", range(12))
def test_honest_products_of_any_size_have_none(seed: int) -> None:
    dice = random.Random(seed)
    quiet = [
        (int(dice.random() ** 2 * 700), dice.choice(MIX)) for _ in range(dice.choice([60, 900]))
    ]
    assert bursts(quiet) == []


@rounds(max_examples=40)
@given(st.randoms(use_true_random=False), st.integers(0, 60))
def test_the_order_of_reviews_changes_nothing(dice: random.Random, planted: int) -> None:
    reviews = [*honest(60, dice.randrange(99)), *[(30, dice.choice([1, -1]))] * planted]
    first = [(b.first_day, sorted(reviews[r] for r in b.rows)) for b in bursts(reviews)]
    dice.shuffle(reviews)
    assert [(b.first_day, sorted(reviews[r] for r in b.rows)) for b in bursts(reviews)] == first


def test_tails_are_those_of_the_books() -> None:
    assert poisson_tail(1, 0.5) == pytest.approx(1 - exp(-0.5))
    assert poisson_tail(10, 3.0) == pytest.approx(0.0011025, rel=1e-3)
    assert poisson_tail(2, 3.0) == 1.0
    assert poisson_tail(5000, 1.0) == 0.0
    # Fisher's lady: four cups of eight, all four told right.
    assert overlap_tail(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert overlap_tail(3, 4, 4, 8) == pytest.approx(17 / 70)
    assert overlap_tail(0, 4, 4, 8) == pytest.approx(1.0)
