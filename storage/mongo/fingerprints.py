"""Fingerprints: the few keys by which a copy is found among the reviews of all other products.

They follow from the reviews as they stand: whoever writes them, and however often, writes the
same. A review too short to be compared has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError

from domain.trust import Twin, fits, moment_of
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import RAW_REVIEWS, REVIEW_FINGERPRINTS
from storage.mongo.weighed_reviews import ranged

#: Reviews of other products fetched together.
_BATCH = 1000
#: Where more reviews than this have the keys asked for, for each key …
_MANY = 4
#: … only so many of each are taken, those seen first: a text of a thousand products is no news.
PER_KEY = 8
_DUPLICATE_KEY = 11000
_OF_REVIEW = dict.fromkeys(("content_hash", "text", "created_at", "first_seen_at"), 1)

Change = DeleteOne | InsertOne[Document] | ReplaceOne[Document]


def keep_fingerprints(settings: MongoSettings, product_id: str) -> int:
    """Bring a product's fingerprints to its reviews as they stand; return how many changed."""
    changed = 0
    writing: Future[None] | None = None
    # The server writes one batch while the next is read and signed.
    with translated(), ThreadPoolExecutor(1, thread_name_prefix="fingerprints") as writer:
        for batch in ranged(settings, RAW_REVIEWS, product_id, {}, _OF_REVIEW):
            changes = _changes(settings, product_id, batch)
            if writing is not None:
                writing.result()
            writing = writer.submit(_write, settings, changes)
            changed += len(changes)
        if writing is not None:
            writing.result()
    return changed


def _changes(settings: MongoSettings, product_id: str, batch: list[Document]) -> list[Change]:
    between = {"_id": {"$gte": batch[0]["_id"], "$lte": batch[-1]["_id"]}}
    prints = database_for(settings)[REVIEW_FINGERPRINTS]
    known = {row["_id"]: row["content_hash"] for row in prints.find(between, {"content_hash": 1})}
    fresh = [row for row in batch if known.get(row["_id"]) != row["content_hash"]]
    rows, keys = fits([row["text"] for row in fresh])
    wanted = {
        fresh[place]["_id"]: _document(product_id, fresh[place], own)
        for place, own in zip(rows, keys, strict=True)
    }
    changes: list[Change] = []
    for row in fresh:
        _id, document = row["_id"], wanted.get(row["_id"])
        # Only what we have seen is replaced: somebody who read a later text may be ahead.
        stands = {"_id": _id, "content_hash": known.get(_id)}
        if document is None and _id in known:
            changes.append(DeleteOne(stands))
        elif document is not None:
            changes.append(ReplaceOne(stands, document) if _id in known else InsertOne(document))
    return changes


def _document(product_id: str, row: Document, keys: list[int]) -> Document:
    return {
        "_id": row["_id"],
        "product_id": product_id,
        # Sorted and each once: the order says nothing, and a key matters once.
        "keys": sorted(set(keys)),
        "content_hash": row["content_hash"],
        "reviewed_at": row["created_at"],
        "first_seen_at": row["first_seen_at"],
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
