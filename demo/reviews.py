"""Reviews as the demo shop shows them, and what it says of all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

#: Bars of the histogram beside the average.
STARS = 5


@dataclass(frozen=True, slots=True)
class ShopReview:
    """One review. Of a file's rows, text and rating stay what the row had, odd types too."""

    review_id: str | None
    author: str | None
    text: object
    #: On the scale of the product's `Summary`; None: no stars were given.
    rating: object
    #: ISO 8601; None: the page names no date.
    date: str | None


@dataclass(frozen=True, slots=True)
class Scale:
    """The worst and the best rating that can be given."""

    worst: float = 1
    best: float = 5

    def holds(self, rating: float) -> bool:
        """Whether the rating is on the scale."""
        return self.worst <= rating <= self.best

    def stars(self, rating: float) -> int:
        """Return the rating as 1..5 whole stars."""
        share = (rating - self.worst) / (self.best - self.worst)
        return round(1 + (STARS - 1) * min(1.0, max(0.0, share)))


@dataclass(frozen=True, slots=True)
class Summary:
    """What the head of a product page says of its reviews."""

    count: int
    #: Reviews with a rating on the scale.
    rated: int
    #: On the scale, rounded to 2 places; None where no review is rated.
    mean: float | None
    scale: Scale
    #: Reviews with 1, 2, … 5 stars.
    histogram: tuple[int, ...]

    @classmethod
    def of(cls, count: int, ratings: Iterable[float], scale: Scale) -> Summary:
        """Return the summary of `count` reviews with these ratings; others are left out."""
        total, rated, histogram = 0.0, 0, [0] * STARS
        for rating in ratings:
            if scale.holds(rating):
                total += rating
                rated += 1
                histogram[scale.stars(rating) - 1] += 1
        mean = round(total / rated, 2) if rated else None
        return cls(count, rated, mean, scale, tuple(histogram))


class Reviews(Protocol):
    """All reviews of one product, a slice at a time."""

    @property
    def summary(self) -> Summary:
        """What the page's head says of them."""

    def slice(self, start: int, stop: int) -> Sequence[ShopReview]:
        """Return the reviews start..stop (stop not included), in the shop's order."""


class WrittenReviews:
    """Reviews that are held in memory."""

    def __init__(self, reviews: Sequence[ShopReview]) -> None:
        self._reviews = tuple(reviews)
        ratings = [float(r.rating) for r in reviews if isinstance(r.rating, int)]
        self._summary = Summary.of(len(reviews), ratings, Scale())

    @property
    def summary(self) -> Summary:
        """What the page's head says of them."""
        return self._summary

    def slice(self, start: int, stop: int) -> Sequence[ShopReview]:
        """Return the reviews start..stop (stop not included), newest first."""
        return self._reviews[start:stop]
