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

#: The lowest and the highest value that there can be.
Scale = tuple[int, int]
#: The variance of values, and how many they are.
Side = tuple[float, int]


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


def mean_interval(moments: Moments, scale: Scale) -> Interval:
    """Return between what a mean lies: Student's interval, with a case more at each end.

    Where nearly all are alike and few far off, a handful of cases seldom has one of the few, and
    Student's own interval shrinks to a point: of twenty ratings of five stars to five. The two
    cases more are to a mean what Agresti and Coull's are to a share; of many they hardly matter.

    Raises:
        ZeroDivisionError: there are no values.
    """
    more = moments + Moments(2, sum(scale), sum(end * end for end in scale))
    half = t_quantile(more.cases - 1) * math.sqrt(more.variance / more.cases)
    return Interval(more.mean - half, more.mean + half)


def variance_within(
    interval: Interval, mean: float, cases: int, scale: Scale, weight: float | None = None
) -> float:
    """Return the variance of the values that `mean_interval` was made of.

    As exactly as the places of the interval and the mean tell it. Where the mean is one over
    more things than there are cases, `weight` is how many things that are.

    Raises:
        ZeroDivisionError: there are fewer than two values.
    """
    more, weight = cases + 2, cases if weight is None else weight
    centre = (mean * weight + sum(scale)) / (weight + 2)
    error = (interval.high - interval.low) / 2 / t_quantile(more - 1)
    spread = error**2 * more * (more - 1)
    ends = sum((end - centre) ** 2 for end in scale) * (more / (weight + 2)) ** 2
    return max(spread - ends - cases * (mean - centre) ** 2, 0.0) / (cases - 1)


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

    By `pooled_p`, for that is what is tested: that nothing has changed, the spread neither.

    Raises:
        ZeroDivisionError: there are no two values on each side.
    """
    return pooled_p(a.mean - b.mean, (a.variance, a.cases), (b.variance, b.cases))


def pooled_p(difference: float, a: Side, b: Side) -> float:
    """Return the chance by Student's two-sided test, with one spread for both sides.

    Welch's test takes each side's own, and where good reviews are many and bad ones rare a small
    side without a bad one seems far surer than it is: of series without any change it then marks
    up to four in ten. Two constants that differ never do so by chance.

    Raises:
        ZeroDivisionError: there are no two values on each side.
    """
    freedom = a[1] + b[1] - 2
    spread = (a[0] * (a[1] - 1) + b[0] * (b[1] - 1)) / freedom
    return _students_p(difference, spread * (1 / a[1] + 1 / b[1]), freedom)


def welch_p(difference: float, a: Side, b: Side) -> float:
    """Return the chance by Welch's two-sided test, with a spread of its own for each side.

    Raises:
        ZeroDivisionError: a side has fewer than two values.
    """
    errors = [variance / cases for variance, cases in (a, b)]
    error = sum(errors)
    parts = sum(e**2 / (cases - 1) for e, (_, cases) in zip(errors, (a, b), strict=True))
    return _students_p(difference, error, error**2 / parts if parts else 1.0)


def _students_p(difference: float, squared_error: float, freedom: float) -> float:
    if not squared_error:
        return 0.0 if difference else 1.0
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + difference**2 / squared_error))


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
