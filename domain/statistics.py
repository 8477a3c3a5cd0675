"""How sure a number is: intervals of shares and means, a test of two means, many tests at once.

Pure arithmetic on counts and sums, so that whoever has the sums gets the same to the last place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

#: Intervals hold the true value 95 times in 100.
CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
#: The continued fraction below stops when a step changes it by less than this.
_CLOSE = 1e-15
_MOST_STEPS = 300
_TINY = 1e-300


class Interval(NamedTuple):
    """From `low` to `high`."""

    low: float
    high: float


class Moments(NamedTuple):
    """Cases, sum and sum of squares of values: all that a mean and its spread need.

    Whole numbers stay exact however many there are.
    """

    cases: int
    total: int
    squares: int

    @property
    def mean(self) -> float:
        """Mean of the values.

        Raises:
            ZeroDivisionError: there are none.
        """
        return self.total / self.cases

    @property
    def variance(self) -> float:
        """Variance of the values, estimated with one degree of freedom less than there are.

        Raises:
            ZeroDivisionError: there are fewer than two.
        """
        spread = self.cases * self.squares - self.total * self.total
        return spread / (self.cases * (self.cases - 1))

    def __add__(self, other: object) -> Moments:
        """Return the moments of both sets of values together."""
        if not isinstance(other, Moments):
            return NotImplemented
        return Moments(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def share_interval(part: float, whole: float, cases: float | None = None) -> Interval:
    """Return Wilson's interval of the share part / whole (E. B. Wilson, 1927).

    `cases` is how many cases that stand for themselves the share rests on, where they are fewer
    than `whole`.

    Raises:
        ZeroDivisionError: there is no whole.
    """
    n, share = whole if cases is None else cases, part / whole
    middle = share + _Z * _Z / (2 * n)
    # Rounding may carry a share of all a hair over one.
    half = _Z * math.sqrt(max(share * (1 - share), 0.0) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    return Interval(max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def mean_interval(moments: Moments) -> Interval:
    """Return Student's interval of a mean: mean ± t · s / √n, with n − 1 degrees of freedom.

    Raises:
        ZeroDivisionError: there are fewer than two values.
    """
    half = t_quantile(moments.cases - 1) * math.sqrt(moments.variance / moments.cases)
    return Interval(moments.mean - half, moments.mean + half)


def t_quantile(freedom: float) -> float:
    """Return the point that Student's t stays under 97.5 times in 100.

    The expansion around the normal's (Abramowitz and Stegun 26.7.5); from 10 degrees of freedom
    on it is right to three places.
    """
    z, square = _Z, _Z * _Z
    terms = (
        z * (square + 1) / 4,
        z * ((5 * square + 16) * square + 3) / 96,
        z * (((3 * square + 19) * square + 17) * square - 15) / 384,
        z * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def same_mean_p(a: Moments, b: Moments) -> float:
    """Return how often a difference of two means as large as this comes by chance alone.

    Student's two-sided test with one spread for both sides, for that is what is tested: that
    nothing has changed, the spread neither. Welch's test takes each side's own, and where good
    reviews are many and bad ones rare a small side without a bad one seems far surer than it is:
    of series without any change it then marks up to four in ten. Two constants that differ never
    do so by chance.

    Raises:
        ZeroDivisionError: there are no two values on each side.
    """
    freedom = a.cases + b.cases - 2
    spread = (a.variance * (a.cases - 1) + b.variance * (b.cases - 1)) / freedom
    difference = a.mean - b.mean
    if not spread:
        return 0.0 if difference else 1.0
    square = difference**2 / (spread * (1 / a.cases + 1 / b.cases))
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square))


def welch_p(a: Moments, b: Moments) -> float:
    """Return the same for two sides that may differ in spread: Welch's test, two-sided.

    Raises:
        ZeroDivisionError: a side has fewer than two values.
    """
    return difference_p(
        a.mean - b.mean, (a.variance / a.cases, a.cases), (b.variance / b.cases, b.cases)
    )


def difference_p(difference: float, a: tuple[float, int], b: tuple[float, int]) -> float:
    """Return what `welch_p` does, of each mean's squared standard error and how many it is of.

    Raises:
        ZeroDivisionError: a side has fewer than two values.
    """
    error = a[0] + b[0]
    if not error:
        return 0.0 if difference else 1.0
    freedom = error**2 / sum(part**2 / (cases - 1) for part, cases in (a, b))
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + difference**2 / error))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), by its continued fraction.

    The fraction is DLMF 8.17.22, worked out by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # Beyond this point the other tail's fraction is the one that settles quickly.
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logarithm + a * math.log(x) + b * math.log1p(-x)) / a
    return front * _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """Return 1 / (1 + d1 / (1 + d2 / (1 + …)))."""
    value, upper, lower = 1.0, 1.0, 0.0
    for step in range(1, _MOST_STEPS):
        term = _beta_term(a, b, x, step)
        lower = 1 / (1 + term * lower or _TINY)
        upper = 1 + term / upper or _TINY
        value *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            break
    return 1 / value


def _beta_term(a: float, b: float, x: float, step: int) -> float:
    half = step // 2
    if step % 2:
        return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
    return half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))


def discoveries(chances: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Return which of many tests to believe, so that of those at most `rate` are false.

    Benjamini and Hochberg (1995): of m chances in rising order, all up to the last one that is
    at most rank / m · rate.
    """
    ranked = sorted(chances)
    count = len(ranked)
    allowed = [p for rank, p in enumerate(ranked, 1) if p <= rank / count * rate]
    limit = max(allowed, default=-1.0)
    return [p <= limit for p in chances]
