"""Raw reviews: one document a product and review, edits kept as versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pymongo import ASCENDING, UpdateOne
from pymongo.client_session import ClientSession

from domain.errors import InvariantBroken
from domain.rejections import Rejected, RejectReason
from domain.reviews import Review
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import RAW_REVIEWS
from storage.mongo.late_masking import mask_versions, masked_version, review_of

#: Earlier versions kept of one review.
MAX_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review as it stands in the store."""

    review_id: str
    text: str
    rating: float | None
    created_at: datetime | None
    content_hash: str
    edited: bool
    #: What of it was masked.
    masked: tuple[str, ...] = ()


@dataclass(slots=True)
class StoredBatch:
    """What storing a batch came to."""

    inserts: list[Document] = field(default_factory=list)
    updates: list[UpdateOne] = field(default_factory=list)
    conflicts: list[Rejected] = field(default_factory=list)
    duplicates: int = 0
    edited: int = 0

    @property
    def collected(self) -> int:
        """How many reviews were new to the analysis."""
        return len(self.inserts) + len(self.updates)


def raw_id(product_id: str, review_id: str) -> str:
    """Return the `_id` of a review: one a product, by construction."""
    return f"{product_id}:{review_id}"


def store_batch(
    settings: MongoSettings,
    session: ClientSession,
    *,
    task_id: str,
    product_id: str,
    reviews: Sequence[Review],
    first_pos: int,
    seen: bool = True,
) -> StoredBatch:
    """Store reviews in the caller's transaction and number those new to the task.

    A review that the task has already is a duplicate where its content is the same, and goes
    to quarantine where it is not: neither takes part twice. Reviews that were not `seen` at their
    source, but taken from the store, keep the moment when they last were. What a release without
    masking had stored of known reviews is masked.
    """
    raw = database_for(settings)[RAW_REVIEWS]
    ids = [raw_id(product_id, review.review_id) for review in reviews]
    wanted = {"content_hash": 1, "scope.task_id": 1, "text": 1, "rating": 1, "url": 1}
    known = {row["_id"]: row for row in raw.find({"_id": {"$in": ids}}, wanted, session=session)}
    stored = StoredBatch()
    now = datetime.now(UTC)
    for _id, review in zip(ids, reviews, strict=True):
        scope = {"task_id": task_id, "pos": first_pos + stored.collected}
        before = known.get(_id)
        if before is None:
            row = _document(_id, product_id, review, scope, now)
            stored.inserts.append(row)
            known[_id] = row
        elif before["scope"]["task_id"] == task_id:
            _count_again(stored, review, before)
        else:
            stored.updates.append(_rescope(stored, before, review, scope, now, seen=seen))
            known[_id] = {**before, "scope": scope, "content_hash": review.content_hash}
    if stored.inserts:
        raw.insert_many(stored.inserts, ordered=False, session=session)
    if stored.updates:
        # First: an edit puts one more behind them.
        mask_versions(raw, session, ids, now)
        raw.bulk_write(stored.updates, ordered=False, session=session)
    return stored


def _document(
    _id: str, product_id: str, review: Review, scope: Document, now: datetime
) -> Document:
    row: Document = {
        "_id": _id,
        "product_id": product_id,
        "review_id": review.review_id,
        "text": review.text,
        "rating": review.rating,
        "created_at": review.created_at,
        "content_hash": review.content_hash,
        "scope": scope,
        "first_seen_at": now,
    }
    if review.url:
        row["url"] = review.url
    if review.repairs:
        row["repairs"] = list(review.repairs)
    if review.masked:
        row["masked"] = list(review.masked)
    return row


def _count_again(stored: StoredBatch, review: Review, before: Document) -> None:
    if before["content_hash"] == review.content_hash:
        stored.duplicates += 1
        return
    message = f"id {review.review_id} came twice with different content"
    record = {"review_id": review.review_id, "text": review.text, "rating": review.rating}
    where = review.url or f"review {review.review_id}"
    stored.conflicts.append(Rejected(RejectReason.DUPLICATE_ID, message, where, record))


def _rescope(
    stored: StoredBatch,
    before: Document,
    review: Review,
    scope: Document,
    now: datetime,
    *,
    seen: bool,
) -> UpdateOne:
    """Return the update that takes a known review into the task, as a new version if edited.

    One whose text is another for being masked alone was not edited.
    """
    values: Document = {"scope": scope, "last_seen_at": now} if seen else {"scope": scope}
    update: Document = {"$set": values}
    if not seen and review.url is None and before.get("url"):
        update["$unset"] = {"url": ""}
    if before["content_hash"] != review.content_hash:
        values |= {
            "text": review.text,
            "rating": review.rating,
            "content_hash": review.content_hash,
            "masked": list(review.masked),
        }
        kept = ("content_hash", "text", "rating")
        version = masked_version({**{name: before[name] for name in kept}, "replaced_at": now})
        if version["content_hash"] != before["content_hash"]:
            values["masked_at"] = now
        if version["content_hash"] != review.content_hash:
            stored.edited += 1
            update["$push"] = {"versions": {"$each": [version], "$slice": -MAX_VERSIONS}}
    return UpdateOne({"_id": before["_id"]}, update)


def load_reviews(settings: MongoSettings, task_id: str, start: int, end: int) -> list[StoredReview]:
    """Return the reviews at positions start..end-1 of a task, in order.

    Raises:
        InvariantBroken: a position has no review.
    """
    raw = database_for(settings)[RAW_REVIEWS]
    where = {"scope.task_id": task_id, "scope.pos": {"$gte": start, "$lt": end}}
    # Of old versions only that there are some: their texts may be long.
    fields = ("review_id", "text", "rating", "created_at", "content_hash", "masked")
    wanted = dict.fromkeys(fields, 1)
    with translated():
        cursor = raw.find(where, {**wanted, "versions.content_hash": 1}, batch_size=end - start + 1)
        rows = [_stored(row) for row in cursor.sort("scope.pos", ASCENDING)]
    if len(rows) != end - start:
        found = f"{len(rows)} reviews stand at positions {start}–{end - 1}"
        raise InvariantBroken(f"{found} of task {task_id}")
    return rows


def _stored(row: Document) -> StoredReview:
    return StoredReview(
        review_id=row["review_id"],
        text=row["text"],
        rating=row["rating"],
        created_at=row["created_at"],
        content_hash=row["content_hash"],
        edited=bool(row.get("versions")),
        masked=tuple(row.get("masked", ())),
    )


def stored_reviews(
    settings: MongoSettings, product_id: str, review_ids: Sequence[str]
) -> list[Review]:
    """Return reviews of a product by their ids, in that order, each as it stands now, masked.

    Raises:
        InvariantBroken: one is not there.
    """
    raw = database_for(settings)[RAW_REVIEWS]
    ids = [raw_id(product_id, review_id) for review_id in review_ids]
    wanted = dict.fromkeys(("review_id", "text", "rating", "created_at", "url", "masked"), 1)
    with translated():
        rows = {row["review_id"]: row for row in raw.find({"_id": {"$in": ids}}, wanted)}
    missing = [review_id for review_id in review_ids if review_id not in rows]
    if missing:
        raise InvariantBroken(f"{len(missing)} reviews of product {product_id} are not stored")
    return [review_of(rows[review_id]) for review_id in review_ids]


def texts_by_hash(
    settings: MongoSettings, product_id: str, review_ids: Sequence[str]
) -> dict[tuple[str, str], str]:
    """Return the texts of reviews, earlier versions too, by (review id, content hash)."""
    raw = database_for(settings)[RAW_REVIEWS]
    ids = [raw_id(product_id, review_id) for review_id in review_ids]
    texts: dict[tuple[str, str], str] = {}
    wanted = {"review_id": 1, "content_hash": 1, "text": 1, "versions": 1}
    with translated():
        for row in raw.find({"_id": {"$in": ids}}, wanted):
            for version in [row, *row.get("versions", ())]:
                texts[row["review_id"], version["content_hash"]] = version["text"]
    return texts


def masked_later(
    settings: MongoSettings, product_id: str, review_ids: Sequence[str]
) -> dict[str, datetime]:
    """Return when reviews were masked that a release without masking had stored, by review id.

    The texts that cards of before were made from are not there any more.
    """
    ids = [raw_id(product_id, review_id) for review_id in review_ids]
    where = {"_id": {"$in": ids}, "masked_at": {"$exists": True}}
    with translated():
        rows = database_for(settings)[RAW_REVIEWS].find(where, {"review_id": 1, "masked_at": 1})
        return {row["review_id"]: row["masked_at"] for row in rows}


def count_in_scope(settings: MongoSettings, task_id: str) -> int:
    """Return how many reviews were taken into the task and into none after it."""
    with translated():
        return database_for(settings)[RAW_REVIEWS].count_documents({"scope.task_id": task_id})
