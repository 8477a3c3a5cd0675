"""Fingerprints: the few keys by which a copy is found among the reviews of all other products.

They follow from the reviews as they stand: whoever writes them, and however often, writes the
same. A review too short to be compared has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from domain.trust import Signatures, Twin, WeighedReview, keys_left, moment_of
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import RAW_REVIEWS, REVIEW_FINGERPRINTS
from storage.mongo.weighed_reviews import WeighedBatch

#: Reviews of other products fetched together.
_BATCH = 1000
#: Where more reviews than this have the keys asked for, for each key …
_MANY = 4
#: … only so many of each are taken, those seen first: a text of a thousand products is no news.
PER_KEY = 8
_DUPLICATE_KEY = 11000

Change = DeleteOne | InsertOne[Document] | ReplaceOne[Document]


def leave_fingerprints(
    settings: MongoSettings, product_id: str, batch: WeighedBatch, signed: Signatures
) -> int:
    """Bring the fingerprints of a batch of a product's reviews up to date; return how many changed.

    A review that was edited since its card was made is left to the analysis that reads it so.
    """
    if not batch.reviews:
        return 0
    with translated():
        changes = _changes(settings, product_id, batch, signed)
        _write(settings, changes)
    return len(changes)


def _changes(
    settings: MongoSettings, product_id: str, batch: WeighedBatch, signed: Signatures
) -> list[Change]:
    ids = [f"{product_id}:{review.review_id}" for review in batch.reviews]
    prints = database_for(settings)[REVIEW_FINGERPRINTS]
    between = {"_id": {"$gte": ids[0], "$lte": ids[-1]}}
    known = {row["_id"]: row["content_hash"] for row in prints.find(between, {"content_hash": 1})}
    keys = dict(zip(*keys_left(signed), strict=True))
    changes: list[Change] = []
    for row, (_id, fresh) in enumerate(zip(ids, batch.hashes, strict=True)):
        before = known.get(_id)
        if fresh is None or fresh == before:
            continue
        # Only what we have seen is replaced: somebody who read a later text may be ahead.
        stands = {"_id": _id, "content_hash": before}
        if row in keys:
            document = _document(_id, product_id, batch.reviews[row], fresh, keys[row])
            changes.append(InsertOne(document) if before is None else ReplaceOne(stands, document))
        elif before is not None:
            changes.append(DeleteOne(stands))
    return changes


def _document(
    _id: str, product_id: str, review: WeighedReview, content_hash: str, keys: list[int]
) -> Document:
    return {
        "_id": _id,
        "product_id": product_id,
        # Sorted and each once: the order says nothing, and a key matters once.
        "keys": sorted(set(keys)),
        "content_hash": content_hash,
        "reviewed_at": review.reviewed_at,
        "first_seen_at": review.first_seen_at,
    }


def _write(settings: MongoSettings, changes: list[Change]) -> None:
    if not changes:
        return
    try:
        database_for(settings)[REVIEW_FINGERPRINTS].bulk_write(changes, ordered=False)
    except BulkWriteError as error:
        # Somebody beside us was first with some of them: theirs say the same.
        problems = error.details.get("writeErrors", [])
        if not problems or any(each["code"] != _DUPLICATE_KEY for each in problems):
            raise


def twins(settings: MongoSettings, product_id: str, keys: Sequence[int]) -> Iterator[list[Twin]]:
    """Yield reviews of other products that have one of the keys, with their texts, in batches.

    What matches nothing, which is nearly all, is answered by the index alone. However many products
    share a text, at most `PER_KEY` reviews a key are fetched, or `_MANY` a key on average.
    """
    with translated():
        found = _holders(settings, product_id, list(keys))
        for start in range(0, len(found), _BATCH):
            yield _with_texts(settings, found[start : start + _BATCH])


def _holders(settings: MongoSettings, product_id: str, keys: list[int]) -> list[Document]:
    """Return the fingerprints of other products that have one of the keys."""
    prints = database_for(settings)[REVIEW_FINGERPRINTS]
    asked = {"keys": {"$in": keys}, "product_id": {"$ne": product_id}}
    most = _MANY * len(keys)
    found = list(prints.find(asked, {"content_hash": 0}).hint("earliest").limit(most + 1))
    if len(found) <= most:
        return found
    return list(prints.aggregate(_first_seen(product_id, keys)))


def _first_seen(product_id: str, keys: list[int]) -> list[Document]:
    """Return the pipeline that takes of each key the few seen first, as the index has them."""
    of_key = {
        "from": REVIEW_FINGERPRINTS,
        "localField": "key",
        "foreignField": "keys",
        "pipeline": [
            {"$match": {"product_id": {"$ne": product_id}}},
            {"$sort": {"first_seen_at": 1, "product_id": 1}},
            {"$limit": PER_KEY},
        ],
        "as": "holder",
    }
    return [
        # Any one document: it only has to carry the keys, which then are looked up one by one.
        {"$limit": 1},
        {"$project": {"_id": 0, "key": {"$literal": keys}}},
        {"$unwind": "$key"},
        {"$lookup": of_key},
        {"$unwind": "$holder"},
        {"$group": {"_id": "$holder._id", "holder": {"$first": "$holder"}}},
        {"$replaceRoot": {"newRoot": "$holder"}},
    ]


def _with_texts(settings: MongoSettings, batch: list[Document]) -> list[Twin]:
    ids = [row["_id"] for row in batch]
    rows = database_for(settings)[RAW_REVIEWS].find({"_id": {"$in": ids}}, {"text": 1})
    texts = {row["_id"]: row["text"] for row in rows}
    return [_twin(row, texts[row["_id"]]) for row in batch if row["_id"] in texts]


def _twin(row: Document, text: str) -> Twin:
    return Twin(
        name=row["_id"],
        text=text,
        moment=moment_of(row["reviewed_at"]),
        seen=moment_of(row["first_seen_at"]),
        keys=tuple(row["keys"]),
    )
