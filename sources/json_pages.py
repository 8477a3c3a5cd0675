"""JSON that a shop's "load more" button reads: reviews by schema.org or by common names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from domain.errors import MalformedPage
from sources.addresses import at_page, page_number, shown
from sources.jsonld import parse_lenient
from sources.raw_reviews import RawReview
from sources.schema_values import Node, first, label, scale, types_of
from sources.structured import find_product, raw_review

#: Names under which lists of reviews come, the surest first.
_LISTS = ("reviews", "review", "items", "results", "list", "content", "data")
#: Objects that are only wrapping.
_WRAPPERS = ("data", "result", "response", "payload", "page", "body", *_LISTS)
_NEXT = ("next", "nextUrl", "next_url", "nextPage", "next_page", "nextPageUrl", "next_page_url")
_PAGING = ("paging", "pagination", "links", "_links", "meta", "page", "pageInfo")
_INSIDE = tuple(dict.fromkeys((*_PAGING, *_WRAPPERS)))
_MORE = ("hasNext", "has_next", "hasMore", "has_more", "hasNextPage")
_DEPTH = 3

_IDS = ("id", "reviewId", "review_id", "reviewNo", "review_no", "_id", "uuid", "seq")
_TEXTS = ("body", "content", "contents", "text", "comment", "message", "reviewText", "review_text")
_RATINGS = ("rating", "stars", "star", "score", "ratingScore", "rating_score", "grade")
_DATES = (
    *("date", "createdAt", "created_at", "createDate", "create_date", "created", "writtenAt"),
    *("written_at", "regDate", "reg_date", "updatedAt", "updated_at"),
)
_BEST = ("max", "best", "maxRating", "max_rating", "ratingMax", "rating_max")


@dataclass(frozen=True, slots=True)
class JsonContents:
    """What a JSON page holds; `next_pages` are raw addresses, the surest first."""

    raws: list[RawReview]
    product: Node | None = None
    next_pages: list[str] = field(default_factory=list)


def read_json(text: str, *, url: httpx.URL) -> JsonContents:
    """Return the reviews of a JSON page and where it continues.

    Raises:
        MalformedPage: not JSON, or JSON without a list of reviews.
    """
    try:
        document = parse_lenient(text)
    except ValueError as error:
        raise MalformedPage(f"{shown(str(url))} is not JSON: {error}") from error
    if _is_linked_data(document):
        roots = document if isinstance(document, list) else [document]
        product, raws = find_product(roots, url=url)
        return JsonContents(raws, product, list(_next_pages(document, url)))
    records = _records(document)
    if records is None:
        raise MalformedPage(f"{shown(str(url))} is JSON without a list of reviews")
    return JsonContents([_record(item) for item in records], None, list(_next_pages(document, url)))


def _is_linked_data(document: Any) -> bool:
    head = document[0] if isinstance(document, list) and document else document
    return isinstance(head, dict) and ("@graph" in head or "@context" in head)


def _records(document: Any) -> list[Any] | None:
    """Return the list of records, which stands on top or a few wrappers deep."""
    level = [document]
    for _ in range(_DEPTH):
        for value in level:
            if isinstance(value, list):
                return value
        level = [inner for value in level for inner in _unpacked(value)]
    return None


def _unpacked(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (value[name] for name in _LISTS if isinstance(value.get(name), list))
        yield from (value[name] for name in _WRAPPERS if isinstance(value.get(name), dict))


def _record(item: Any) -> RawReview:
    if not isinstance(item, dict):
        return RawReview(record=item)
    if types_of(item) or "reviewBody" in item or "reviewRating" in item:
        schema = raw_review(item, best=5.0, worst=1.0)
        if schema.review_id is not None:
            return schema
        return RawReview(
            item,
            first(item, *_IDS),
            schema.text,
            schema.rating,
            schema.created_at,
            schema.url,
            schema.best,
            schema.worst,
        )
    rating = first(item, *_RATINGS)
    best: Any = first(item, "bestRating", *_BEST)
    if isinstance(rating, dict):
        best = first(rating, "bestRating", *_BEST) or best
        rating = first(rating, "value", "ratingValue", *_RATINGS)
    text = first(item, *_TEXTS, "description", "title")
    best_rating, worst = scale({"bestRating": best}, best=5.0, worst=1.0)
    return RawReview(
        record=item,
        review_id=first(item, *_IDS, "@id", "identifier"),
        text=label(text) if isinstance(text, dict) else text,
        rating=rating,
        created_at=first(item, *_DATES, "datePublished", "dateCreated"),
        url=item["url"] if isinstance(item.get("url"), str) else None,
        best=best_rating,
        worst=worst,
    )


def _next_pages(document: Any, url: httpx.URL) -> Iterator[str]:
    """Yield where the document says it continues: an address, a page number, or "there is more"."""
    level = [document] if isinstance(document, dict) else []
    places: list[dict[str, Any]] = []
    for _ in range(_DEPTH):
        places += level
        inner = [place.get(name) for place in level for name in _INSIDE]
        level = [value for value in inner if isinstance(value, dict)]
    for place in places:
        for name in _NEXT:
            yield from _address(place.get(name), url)
    if any(place.get(name) is True for place in places for name in _MORE):
        present = page_number(url)
        if present is not None:
            yield str(at_page(url, present + 1))


def _address(value: Any, url: httpx.URL) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.get("href") or value.get("url")
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:9])
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        yield str(at_page(url, value))
    elif isinstance(value, str) and value.strip():
        yield value
