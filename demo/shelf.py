"""One product as it stands on the shelf: its reviews, its price of the moment, its manners."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.catalog import Product
from demo.reviews import Reviews, ShopReview, Summary


class PriceTag:
    """A price that may change with every visit, in the order of the catalogue."""

    def __init__(self, prices: Sequence[str]) -> None:
        self._prices = tuple(prices)
        self._visits = 0
        #: How often a visit found another price than the visit before.
        self.changes = 0

    @property
    def amount(self) -> str | None:
        """What the last visit saw (before the first visit: what it will see)."""
        if not self._prices:
            return None
        return self._prices[max(0, self._visits - 1) % len(self._prices)]

    def visit(self) -> None:
        """Count one visit of the product's first page."""
        before = self.amount
        self._visits += 1
        self.changes += self.amount != before


@dataclass(slots=True)
class ShelfItem:
    """A product, its reviews, and what changes while the shop is open."""

    product: Product
    reviews: Reviews
    page_size: int
    opened: datetime
    tag: PriceTag = field(init=False)
    _asked: Counter[int] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        self.tag = PriceTag(self.product.prices)

    @property
    def summary(self) -> Summary:
        """What the page's head says of the reviews."""
        return self.reviews.summary

    @property
    def pages(self) -> int:
        """How many pages the reviews fill; at least one."""
        return max(1, -(-self.summary.count // self.page_size))

    @property
    def modified(self) -> datetime:
        """When the page last changed, to the second: each price change is one second."""
        return self.opened + timedelta(seconds=self.tag.changes)

    def page(self, number: int) -> Sequence[ShopReview]:
        """Return the reviews of page `number`, from 1."""
        return self.reviews.slice((number - 1) * self.page_size, number * self.page_size)

    def too_many(self, number: int) -> bool:
        """Whether this ask for the page is answered with 429: every other one, on some pages."""
        every = self.product.too_many_every
        if not every or number % every:
            return False
        self._asked[number] += 1
        return self._asked[number] % 2 == 1
