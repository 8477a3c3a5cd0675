"""Products and reviews as schema.org documents."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from demo.catalog import Product
from demo.reviews import Scale, ShopReview, Summary

#: What JSON allows but HTML, or an encoder, does not: written as \uXXXX.
_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def review_document(review: ShopReview, scale: Scale) -> dict[str, Any]:
    """Return a schema.org Review; what the review lacks is left out, not invented."""
    document: dict[str, Any] = {"@type": "Review"}
    if review.review_id is not None:
        # No "@id": relative ones would differ from page to page, absolute ones hold the port.
        document["identifier"] = review.review_id
    if review.author is not None:
        document["author"] = {"@type": "Person", "name": review.author}
    if review.date is not None:
        document["datePublished"] = review.date
    if review.rating is not None:
        rating = {"@type": "Rating", "ratingValue": _json_value(review.rating)}
        document["reviewRating"] = rating | _scale(scale)
    if review.text is not None:
        document["reviewBody"] = _json_value(review.text)
    return document


def product_document(
    product: Product,
    *,
    url: str,
    image: str,
    price: str | None,
    summary: Summary,
    reviews: Sequence[ShopReview],
) -> dict[str, Any]:
    """Return a schema.org Product with the reviews of one page."""
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": url,
        "name": product.name,
        "brand": {"@type": "Brand", "name": product.brand},
        "category": product.category,
        "description": product.blurb,
        "image": image,
    }
    if price is not None:
        document["offers"] = {
            "@type": "Offer",
            "price": price,
            "priceCurrency": product.currency,
            "availability": "https://schema.org/InStock",
        }
    if summary.mean is not None:
        rating = {"@type": "AggregateRating", "ratingValue": summary.mean}
        rating |= {"reviewCount": summary.count, "ratingCount": summary.rated}
        document["aggregateRating"] = rating | _scale(summary.scale)
    document["review"] = [review_document(review, summary.scale) for review in reviews]
    return document


def as_json(document: object) -> str:
    """Return JSON that is safe inside a script element and encodable in UTF-8."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def as_script(document: object) -> Markup:
    """Return the JSON for a template."""
    return Markup(as_json(document))  # noqa: S704 - as_json escapes what HTML would read


def _scale(scale: Scale) -> dict[str, Any]:
    return {"bestRating": _plain(scale.best), "worstRating": _plain(scale.worst)}


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def _json_value(value: object) -> object:
    """JSON has no NaN: such a rating is published as the word."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
