"""The product and its reviews among all schema.org nodes of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from domain.errors import AddressRefused, MalformedPage
from sources.addresses import canonical, web_address
from sources.raw_reviews import RawReview
from sources.schema_values import (
    Node,
    first,
    local_name,
    node_values,
    scale,
    types_of,
    values,
)

#: Nodes of one page looked at; no honest page has as many.
MAX_NODES = 200_000

_REVIEW_TYPES = frozenset({"Review", "UserReview", "CriticReview"})
_PRODUCT_TYPES = frozenset({"Product", "ProductGroup", "IndividualProduct", "ProductModel"})
_REVIEW_KEYS = ("review", "reviews")
#: Properties that lead to other products, whose reviews are not this one's.
_OTHERS = ("isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor")
#: Properties that lead to forms of the same product.
_VARIANTS = frozenset({"hasVariant", "isVariantOf", "model"})


@dataclass(eq=False, slots=True)
class FoundProduct:
    """A product node and the review nodes that belong to it."""

    node: Node
    reviews: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Search:
    """A walk over all nodes of one syntax; without recursion, each node once."""

    by_id: dict[str, Node]
    products: list[FoundProduct] = field(default_factory=list)
    #: Reviews that stand by themselves.
    loose: list[Node] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def run(self, roots: Iterable[Any]) -> None:
        """Look at the roots and everything in them, in the order of the page."""
        todo: list[tuple[Any, str, FoundProduct | None]] = [(root, "", None) for root in roots]
        todo.reverse()
        while todo:
            value, key, owner = todo.pop()
            todo.extend(reversed(list(self._visit(value, key, owner))))

    def _visit(
        self, value: Any, key: str, owner: FoundProduct | None
    ) -> Iterator[tuple[Any, str, FoundProduct | None]]:
        node = self.resolved(value)
        if not isinstance(node, dict):
            if key in _REVIEW_KEYS and owner is not None and node not in (None, ""):
                owner.reviews.append(node)
            return
        if id(node) in self.seen:
            return
        self.seen.add(id(node))
        if len(self.seen) > MAX_NODES:
            raise MalformedPage(f"the page holds more than {MAX_NODES:,} pieces of data")
        kinds = types_of(node)
        if kinds & _REVIEW_TYPES or (key in _REVIEW_KEYS and owner and not kinds):
            (owner.reviews if owner else self.loose).append(node)
            yield from ((item, "itemReviewed", None) for item in values(node, "itemReviewed"))
            return
        if (kinds & _PRODUCT_TYPES or _has_reviews(node)) and not (owner and key in _VARIANTS):
            owner = FoundProduct(node)
            self.products.append(owner)
        yield from self._inside(node, owner)

    def _inside(
        self, node: Node, owner: FoundProduct | None
    ) -> Iterator[tuple[Any, str, FoundProduct | None]]:
        for name, inner in node.items():
            local = local_name(name)
            if local in _OTHERS:
                continue
            for value in inner if isinstance(inner, list) else [inner]:
                if isinstance(value, dict) or local in _REVIEW_KEYS:
                    yield value, local, owner

    def expanded(self, node: Any, depth: int = 2) -> Any:
        """Return the node with its references to ratings, offers and the like filled in."""
        if not self.by_id or not isinstance(node, dict) or depth == 0:
            return node
        return {
            name: value if name in _REVIEW_KEYS else self._filled(value, depth)
            for name, value in node.items()
        }

    def _filled(self, value: Any, depth: int) -> Any:
        if isinstance(value, list):
            return [self._filled(inner, depth) for inner in value]
        return self.expanded(self.resolved(value), depth - 1) if isinstance(value, dict) else value

    def resolved(self, value: Any) -> Any:
        """Return the node a reference means ({"@id": …} alone, or the bare id)."""
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str):
            return self.by_id.get(value["@id"], value)
        return self.by_id.get(value, value) if isinstance(value, str) else value


def _has_reviews(node: Node) -> bool:
    return bool(values(node, "review") or values(node, "aggregateRating"))


def find_product(roots: list[Any], *, url: httpx.URL) -> tuple[Node | None, list[RawReview]]:
    """Return the page's own product and its reviews, in page order.

    The page's product is the one whose address is the page's; else the one with most reviews.
    Reviews of other products on the page (related ones, a list) are left out.

    Raises:
        MalformedPage: more nodes than can be looked at.
    """
    search = _Search(_index(roots))
    search.run(roots)
    main = _main_product(search.products, url)
    found = _reviews_of(main, search)
    node = search.expanded(main.node) if main else None
    defaults = next(node_values(node, "aggregateRating"), {}) if node else {}
    best, worst = scale(defaults, best=5.0, worst=1.0)
    raws = [raw_review(search.expanded(review), best=best, worst=worst) for review in found]
    return node, raws


def _reviews_of(main: FoundProduct | None, search: _Search) -> list[Any]:
    """Return the review nodes of a product: its own, its twins', and loose ones about it."""
    known = _identities(main.node) if main else set()
    found = list(main.reviews) if main else []
    for other in search.products:
        if other is not main and _identities(other.node) & known:
            found.extend(other.reviews)
    for review in search.loose:
        about = next((search.resolved(item) for item in values(review, "itemReviewed")), None)
        named = _identities(about) if isinstance(about, dict) else set()
        if not named or not known or named & known:
            found.append(review)
    return found


def _index(roots: Iterable[Any]) -> dict[str, Node]:
    """Return all nodes with an id and something to say, wherever they stand."""
    index: dict[str, Node] = {}
    todo = list(roots)
    for _ in range(MAX_NODES * 4):
        if not todo:
            break
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) > 1:
                index.setdefault(name, value)
            todo.extend(inner for inner in value.values() if isinstance(inner, dict | list))
    return index


def _main_product(products: list[FoundProduct], url: httpx.URL) -> FoundProduct | None:
    if not products:
        return None
    page = str(canonical(url))
    # A shop's own rating, as an Organization, stands on every page of it.
    products = [found for found in products if types_of(found.node) & _PRODUCT_TYPES] or products
    own = [found for found in products if page in _addresses(found.node, url)]
    return max(own or products, key=lambda found: len(found.reviews))


def _addresses(node: Node, url: httpx.URL) -> set[str]:
    addresses = set()
    for raw in (first(node, "url"), node.get("@id")):
        if isinstance(raw, str) and not raw.startswith("_:"):
            try:
                addresses.add(str(canonical(web_address(raw, base=url))))
            except AddressRefused:  # "urn:…" and the like are ids, not addresses
                continue
    return addresses


def _identities(node: Node) -> set[str]:
    """Return whatever tells that two nodes are the same product."""
    found = [first(node, name) for name in ("@id", "url", "sku", "gtin13", "name")]
    return {text.strip() for text in found if isinstance(text, str) and text.strip()}


def raw_review(node: Any, *, best: float, worst: float) -> RawReview:
    """Return the record of a schema.org Review; `best` and `worst` where it tells no scale."""
    if not isinstance(node, dict):
        return RawReview(record=node)
    rating: Any = first(node, "reviewRating", "ratingValue")
    if isinstance(rating, dict):
        best, worst = scale(rating, best=best, worst=worst)
        rating = first(rating, "ratingValue")
    address = first(node, "url")
    return RawReview(
        record=node,
        review_id=_review_id(node, address),
        text=_text(node),
        rating=rating,
        created_at=first(node, "datePublished", "dateCreated", "dateModified"),
        url=address if isinstance(address, str) else None,
        best=best,
        worst=worst,
    )


def _text(node: Node) -> Any:
    for name in ("reviewBody", "description", "text", "name", "headline"):
        parts = [part for part in values(node, name) if part not in (None, "")]
        if parts:
            strings = all(isinstance(part, str) for part in parts)
            return "\n".join(parts) if strings else parts[0]
    return None


def _review_id(node: Node, address: Any) -> Any:
    own = node.get("data-review-id") or node.get("@id")
    if isinstance(own, str) and own and not own.startswith("_:"):
        return own
    identifier = first(node, "identifier")
    if isinstance(identifier, dict):
        identifier = first(identifier, "value", "@id", "name")
    if identifier is not None:
        return identifier
    fragment = address.partition("#")[2] if isinstance(address, str) else ""
    return fragment or None
