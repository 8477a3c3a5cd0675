"""Numbers as a reader sees them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

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


def money(amount: Decimal, currency: str) -> str:
    """Return "39,900 KRW"; places only where there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{amount:,.{places}f} {currency}"


def of(part: int, whole: int) -> float:
    """Return part / whole, 0 of nothing."""
    return part / whole if whole else 0.0
