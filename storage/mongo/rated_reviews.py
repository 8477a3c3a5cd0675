"""Rated reviews of all products: streamed to be chosen from, then fetched by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from pymongo import ASCENDING

from settings.models import MongoSettings
from storage.mongo.client import database_for, translated
from storage.mongo.collections import EMOTION_CARDS, RAW_REVIEWS

#: Documents fetched at once.
_BATCH = 1000


class RatedReview(NamedTuple):
    """A review that its writer gave clear stars."""

    stored_id: str
    product_id: str
    text: str
    rating: float
    #: Of its card in the analysis that took it last, there or not.
    card_id: str


def rated_reviews(
    settings: MongoSettings, *, up_to: float, from_: float
) -> Iterator[list[RatedReview]]:
    """Yield reviews of `up_to` stars or less, or of `from_` or more, in batches.

    Those of a product come one after the other. Reads the whole collection, and holds a batch.
    """
    where = {"$or": [{"rating": {"$lte": up_to}}, {"rating": {"$gte": from_}}]}
    wanted = {"product_id": 1, "review_id": 1, "text": 1, "rating": 1, "scope.task_id": 1}
    batch: list[RatedReview] = []
    with translated():
        rows = database_for(settings)[RAW_REVIEWS].find(where, wanted, batch_size=_BATCH)
        for row in rows.sort("_id", ASCENDING):
            card_id = f"{row['scope']['task_id']}:{row['review_id']}"
            own = row["_id"], row["product_id"], row["text"], row["rating"], card_id
            batch.append(RatedReview(*own))
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def doubted_cards(settings: MongoSettings, card_ids: Sequence[str]) -> set[str]:
    """Return which of the cards carry a signal of doubt."""
    where = {"_id": {"$in": list(card_ids)}, "signals.0": {"$exists": True}}
    with translated():
        return {row["_id"] for row in database_for(settings)[EMOTION_CARDS].find(where, {"_id": 1})}


def texts_of(
    settings: MongoSettings, stored_ids: Sequence[str]
) -> dict[str, tuple[str, datetime | None]]:
    """Return the texts of reviews by their stored ids, and when they were written."""
    where = {"_id": {"$in": list(stored_ids)}}
    with translated():
        rows = database_for(settings)[RAW_REVIEWS].find(where, {"text": 1, "created_at": 1})
        return {row["_id"]: (row["text"], row.get("created_at")) for row in rows}
