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
    review_id: str
    text: str
    rating: float
    content_hash: str


class WeighedCard(NamedTuple):
    """A card whose review was looked at for signs of doubt, and whether it carries one."""

    content_hash: str
    doubted: bool


def rated_reviews(
    settings: MongoSettings, *, up_to: float, from_: float
) -> Iterator[list[RatedReview]]:
    """Yield reviews of `up_to` stars or less, or of `from_` or more, in batches.

    Those of a product come one after the other. Reads the whole collection, and holds a batch.
    """
    where = {"$or": [{"rating": {"$lte": up_to}}, {"rating": {"$gte": from_}}]}
    fields = ("product_id", "review_id", "text", "rating", "content_hash")
    wanted = dict.fromkeys(fields, 1)
    batch: list[RatedReview] = []
    with translated():
        rows = database_for(settings)[RAW_REVIEWS].find(where, wanted, batch_size=_BATCH)
        for row in rows.sort("_id", ASCENDING):
            batch.append(RatedReview(row["_id"], *(row[name] for name in fields)))
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def weighed_cards(settings: MongoSettings, card_ids: Sequence[str]) -> dict[str, WeighedCard]:
    """Return the cards of analyses that have a result, by their ids; those that are there.

    Such cards were weighed before the result was written. Not those from before signals were
    looked for, nor failure records: nobody has looked at their reviews.
    """
    where = {"_id": {"$in": list(card_ids)}, "kind": "card", "signals": {"$exists": True}}
    wanted = {"content_hash": 1, "signals.kind": 1}
    with translated():
        rows = database_for(settings)[EMOTION_CARDS].find(where, wanted)
        return {row["_id"]: WeighedCard(row["content_hash"], bool(row["signals"])) for row in rows}


def texts_of(
    settings: MongoSettings, stored_ids: Sequence[str]
) -> dict[str, tuple[str, datetime | None]]:
    """Return the texts of reviews by their stored ids, and when they were written."""
    where = {"_id": {"$in": list(stored_ids)}}
    with translated():
        rows = database_for(settings)[RAW_REVIEWS].find(where, {"text": 1, "created_at": 1})
        return {row["_id"]: (row["text"], row.get("created_at")) for row in rows}
