"""What a page says of the product."""

from __future__ import annotations

from typing import Any

import httpx

from domain.errors import AddressRefused
from domain.masking import mask
from domain.rejections import RecordRefused
from domain.reviews import ProductInfo, clean_rating, clean_text
from sources.addresses import web_address
from sources.prices import price_of
from sources.schema_values import Node, count, first, label, node_values, scale

MAX_NAME_CHARS = 300
STARS = (5.0, 1.0)


def product_info(node: Node, *, url: httpx.URL, fallback_name: str) -> ProductInfo:
    """Return the product a schema.org node describes."""
    rating = next(node_values(node, "aggregateRating"), {})
    return ProductInfo(
        name=short_text(first(node, "name")) or fallback_name,
        brand=short_text(label(first(node, "brand", "manufacturer"))),
        category=short_text(label(first(node, "category"))),
        image_url=_image(first(node, "image"), url),
        price=price_of(node),
        declared_reviews=_declared_count(rating, node),
        declared_rating=_declared_rating(rating),
    )


def short_text(raw: Any) -> str | None:
    """Return a cleaned single line, None where there is nothing to show."""
    if not isinstance(raw, str):
        return None
    text, _ = clean_text(raw[: MAX_NAME_CHARS * 4])
    # Sellers of used goods write their numbers into names.
    return mask(" ".join(text.split())).text[:MAX_NAME_CHARS] or None


def _declared_count(rating: Node, node: Node) -> int | None:
    # Not ratingCount: many of those have no words, and are no reviews that a page could show.
    reviews = count(first(rating, "reviewCount"))
    return count(first(node, "reviewCount")) if reviews is None else reviews


def _declared_rating(rating: Node) -> float | None:
    best, worst = scale(rating, best=STARS[0], worst=STARS[1])
    try:
        return clean_rating(first(rating, "ratingValue"), best=best, worst=worst)
    except RecordRefused:  # a shop's broken average says nothing; its reviews are read all the same
        return None


def _image(raw: Any, url: httpx.URL) -> str | None:
    if isinstance(raw, dict):
        raw = first(raw, "contentUrl", "url", "@id")
    if not isinstance(raw, str):
        return None
    try:
        return str(web_address(raw, base=url))
    except AddressRefused:  # a data: image, or none at all; it is for show only
        return None
