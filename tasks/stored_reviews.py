"""The stored reviews of an analysis as a source: what was read once is not asked for again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from domain.errors import InvariantBroken
from domain.reviews import SourceBatch
from settings import Settings
from sources.base import SourceIdentity
from storage.mongo.crawl_jobs import crawl_state
from storage.mongo.raw_reviews import stored_reviews
from storage.mongo.scopes import scope_chunk
from storage.postgres.products import get_product


class StoredReviews:
    """The reviews that a finished analysis had in scope, each with its text as it stands now."""

    def __init__(self, settings: Settings, product_id: str, base: str) -> None:
        """Take the reviews of `base`, an analysis of the product with a result."""
        self._settings = settings
        self._product_id = product_id
        self._base = base

    @property
    def identity(self) -> SourceIdentity:
        """The product's own; where its reviews come from now makes it no other."""
        product = get_product(self._settings.postgres, self._product_id)
        return SourceIdentity(product.source, product.external_key, product.name)

    def expected_reviews(self) -> int | None:
        """Return how many reviews there are; exact."""
        state = crawl_state(self._settings.mongo, self._base)
        return None if state is None else state.collected

    def batches(self, cursor: Mapping[str, Any] | None) -> Iterator[SourceBatch]:
        """Yield batches from the start, or from behind the batch that gave `cursor`.

        Raises:
            InvariantBroken: a review is not stored any more.
            StoreUnavailable: MongoDB does not answer.
        """
        start, taken = (cursor["start"], cursor["taken"]) if cursor else (0, 0)
        ids = self._ids(start, taken)
        while some := list(islice(ids, self._settings.crawl.batch_rows)):
            start, taken, _ = some[-1]
            reviews = stored_reviews(
                self._settings.mongo, self._product_id, [review_id for *_, review_id in some]
            )
            yield SourceBatch(tuple(reviews), cursor={"start": start, "taken": taken}, pages=0)
        yield SourceBatch((), cursor={"start": start, "taken": taken}, done=True, pages=0)

    def _ids(self, start: int, taken: int) -> Iterator[tuple[int, int, str]]:
        """Yield review ids, each with its chunk and how many of the chunk are taken with it."""
        chunk = scope_chunk(self._settings.mongo, self._base, start)
        while chunk is not None:
            # Of the chunk that a cursor stands in, what it has taken is passed over.
            done = taken if chunk.start == start else 0
            for number, review_id in enumerate(chunk.review_ids[done:], done + 1):
                yield chunk.start, number, review_id
            chunk = scope_chunk(self._settings.mongo, self._base, chunk.start + 1)


def open_stored(settings: Settings, task_id: str, product_id: str) -> StoredReviews:
    """Return the source of a re-analysis whose work is laid out.

    Raises:
        InvariantBroken: nothing says whose reviews it takes.
    """
    state = crawl_state(settings.mongo, task_id)
    base = state.coverage.get("reanalysis_of") if state else None
    if base is None:
        raise InvariantBroken(f"task {task_id} takes stored reviews, and of no analysis")
    return StoredReviews(settings, product_id, base)
