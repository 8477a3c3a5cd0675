"""Numbers as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from domain.reviews import RATING_MAX, RATING_MIN

#: Below this many cards or mentions a mean says little, and the report says so.
FEW: Final = 5
#: Below this many cards the whole result is called a small sample.
SMALL_SAMPLE: Final = 30
NONE: Final = "–"


def count(value: int | None) -> str:
    """Return 1234567 as "1,234,567"."""
    return NONE if value is None else f"{value:,}"


def percent(share: float | None) -> str:
    """Return the share 0.4213 as "42.1%"."""
    return NONE if share is None else f"{share * 100:.1f}%"


def signed(value: float | None) -> str:
    """Return −1..1 as "+0.42" or "−0.42", with a minus as wide as the plus."""
    if value is None:
        return NONE
    rounded = round(value, 2)
    return f"{rounded:+.2f}".replace("-", "−") if rounded else "0.00"


def per_thousand(value: float | None) -> str:
    """Return 0.0921, a part of the mean, as what it makes in a thousand cards: "+92.1"."""
    if value is None:
        return NONE
    rounded = round(value * 1000, 1)
    return f"{rounded:+,.1f}".replace("-", "−") if rounded else "0.0"


def score(value: float | None) -> str:
    """Return a score 0..1, or a rating, with two places."""
    return NONE if value is None else f"{value:.2f}"


def percent_range(interval: Sequence[float] | None) -> str:
    """Return [0.311, 0.369] as "31.1–36.9%"; nothing where there is no interval."""
    return f"{interval[0] * 100:.1f}–{interval[1] * 100:.1f}%" if interval else ""


def signed_range(interval: Sequence[float] | None) -> str:
    """Return [−0.25, 0.09] as "−0.25 ~ +0.09": a dash between minus signs is hard to read.

    An interval of a mean near an end of the scale may reach beyond it; it is shown up to there.
    """
    if not interval:
        return ""
    return f"{signed(max(interval[0], -1.0))} ~ {signed(min(interval[1], 1.0))}"


def per_thousand_range(interval: Sequence[float] | None) -> str:
    """Return the interval of a part of the mean as that of what it makes in a thousand cards."""
    return f"{per_thousand(interval[0])} ~ {per_thousand(interval[1])}" if interval else ""


def score_range(interval: Sequence[float] | None) -> str:
    """Return the interval of a rating as "3.17–3.32", within the stars there are."""
    if not interval:
        return ""
    return f"{max(interval[0], RATING_MIN):.2f}–{min(interval[1], RATING_MAX):.2f}"


def bracketed(told: str) -> str:
    """Return what is told in brackets behind a number; nothing of nothing."""
    return f" ({told})" if told else ""


def chance(p: float) -> str:
    """Return 0.0123 as "p = 0.012"; what is rarer than one in a thousand is only said to be."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def money(amount: Decimal, currency: str) -> str:
    """Return "39,900 KRW"; places only where there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{amount:,.{places}f} {currency}"


def moment(raw: str) -> str:
    """Return an ISO moment to the minute, in UTC; one without a zone is taken as UTC."""
    at = datetime.fromisoformat(raw)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M} UTC"


def of(part: int, whole: int) -> float:
    """Return part / whole, 0 of nothing."""
    return part / whole if whole else 0.0
