"""Prices from schema.org offers."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.reviews import Price
from sources.schema_values import Node, first, node_values

_SIGNS = {"₩": "KRW", "￦": "KRW", "원": "KRW", "€": "EUR", "£": "GBP", "¥": "JPY"}
#: "29,900" and "1.234.567": the signs between groups of three divide thousands.
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:[.,]\d{1,2})?")
_MAX_AMOUNT = Decimal(10) ** 12
#: Currencies without a smaller unit: in "29.900" the point can only divide thousands.
_WHOLE = frozenset({"KRW", "JPY", "VND", "CLP"})


def price_of(product: Node) -> Price | None:
    """Return the price of a product's first offer that has one we can read."""
    for offer in node_values(product, "offers"):
        for place in (
            offer,
            *node_values(offer, "priceSpecification"),
            *node_values(offer, "offers"),
        ):
            currency = currency_code(first(place, "priceCurrency") or first(offer, "priceCurrency"))
            amount = plain_amount(first(place, "price", "lowPrice"), currency or "")
            if amount and currency:
                return Price(amount, currency, _availability(first(place, "availability")))
    return None


def currency_code(raw: Any) -> str | None:
    """Return the ISO 4217 code, None if the text is none."""
    text = raw.strip().upper() if isinstance(raw, str) else ""
    text = _SIGNS.get(text, text)
    return text if re.fullmatch(r"[A-Z]{3}", text) else None


def plain_amount(raw: Any, currency: str) -> str | None:
    """Return an amount as plain digits ("29900", "19.99"), None if it is no amount."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    text = re.sub(r"[^\d.,eE+-]", "", str(raw))[:40]
    grouped = _GROUPED.fullmatch(text)
    both = "," in text and "." in text  # then the first of them divides thousands
    if grouped and (both or grouped[1] == "," or currency in _WHOLE or text.count(".") > 1):
        text = text.replace(grouped[1], "")
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < _MAX_AMOUNT:
        return None
    return format(amount.normalize() if amount else Decimal(0), "f")


def _availability(raw: Any) -> str | None:
    if not isinstance(raw, str):
        return None
    name = re.split(r"[/#:]", raw.strip())[-1][:40]
    return name if name.isascii() and name.isprintable() and name else None
