"""How likely it is that chance alone gives as much: exact tails, by the logarithm of factorials."""

from __future__ import annotations

from math import exp, lgamma, log

#: A term this small beside the sum so far changes none of its digits.
_NEGLIGIBLE = 1e-18


def poisson_tail(count: int, mean: float) -> float:
    """Return the chance of `count` or more events where `mean` are usual."""
    if count <= mean:
        # The tail is only asked for above the mean; below it chance is no question.
        return 1.0
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    total, events = 0.0, count
    while term > _NEGLIGIBLE * total:
        total += term
        events += 1
        term *= mean / events
    return min(1.0, total)


def overlap_tail(hits: int, drawn: int, marked: int, whole: int) -> float:
    """Return the chance that `drawn` of `whole` hold `hits` or more of the `marked` (Fisher)."""
    most = min(drawn, marked)
    least = max(hits, drawn + marked - whole)
    scale = _log_choose(whole, drawn)
    terms = (
        exp(_log_choose(marked, n) + _log_choose(whole - marked, drawn - n) - scale)
        for n in range(least, most + 1)
    )
    return min(1.0, sum(terms))


def _log_choose(whole: int, chosen: int) -> float:
    return lgamma(whole + 1) - lgamma(chosen + 1) - lgamma(whole - chosen + 1)
