"""Chunks of reviews on their way to cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo.client_session import ClientSession

from domain.cards import AnalysisFailure, Card, FailureReason
from domain.tally import Tally
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import ANALYSIS_QUEUE, EMOTION_CARDS, SESSIONS
from storage.mongo.emotion_cards import card_document, failure_document
from storage.mongo.leases import ENDED, Lease, claim, write_fenced
from storage.mongo.raw_reviews import StoredReview, load_reviews

KIND = "cards"


@dataclass(frozen=True, slots=True)
class CardJob:
    """One chunk as its worker holds it."""

    lease: Lease
    task_id: str
    product_id: str
    #: Positions start..end-1 of the task's reviews.
    start: int
    end: int
    last_error: tuple[str, str] | None

    @property
    def size(self) -> int:
        """How many reviews the chunk has."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Failed:
    """A review without a card."""

    review: StoredReview
    failure: AnalysisFailure


def cut_chunk(settings: MongoSettings, task_id: str, product_id: str, end: int) -> bool:
    """Make one job of the reviews from where the queue stands up to position `end`.

    The session's counter is moved by compare-and-set in the same transaction, so two queue
    stages side by side never put a review into two jobs. Returns whether a job was made.
    """
    database = database_for(settings)

    def transaction(session: ClientSession) -> bool:
        record = database[SESSIONS].find_one({"_id": task_id}, session=session)
        if record is None or record["state"] != "open" or record["queued"] >= end:
            return False
        start = record["queued"]
        moved = database[SESSIONS].update_one(
            {"_id": task_id, "queued": start}, {"$set": {"queued": end}}, session=session
        )
        if moved.modified_count == 0:
            return False
        job = _job(f"{task_id}:cards:{start:09d}", task_id, product_id, start, end)
        database[ANALYSIS_QUEUE].insert_one(job, session=session)
        return True

    with translated(), database.client.start_session() as session:
        return session.with_transaction(transaction)


def _job(
    _id: str,
    task_id: str,
    product_id: str,
    start: int,
    end: int,
    attempts: int = 0,
) -> Document:
    return {
        "_id": _id,
        "task_id": task_id,
        "product_id": product_id,
        "kind": KIND,
        "seq": start,
        "end": end,
        "state": "ready",
        "fence": 0,
        "attempts": attempts,
        "not_before": datetime.now(UTC),
        "owner": None,
        "lease_until": None,
        "reviews": end - start,
        "cards": 0,
        "failures": 0,
    }


def queued_reviews(settings: MongoSettings, task_id: str) -> int:
    """Return how many reviews of the task have a job."""
    with translated():
        record = database_for(settings)[SESSIONS].find_one({"_id": task_id}, {"queued": 1})
    return record["queued"] if record else 0


def claim_cards(
    settings: MongoSettings, task_id: str, owner: str, lease_seconds: float
) -> CardJob | None:
    """Claim the first chunk that is due; None where there is none."""
    claimed = claim(settings, task_id=task_id, kind=KIND, owner=owner, lease_seconds=lease_seconds)
    if claimed is None:
        return None
    lease, job = claimed
    error = job.get("last_error")
    return CardJob(
        lease=lease,
        task_id=task_id,
        product_id=job["product_id"],
        start=job["seq"],
        end=job["end"],
        last_error=(error["code"], error["message"]) if error else None,
    )


def commit_cards(
    settings: MongoSettings,
    job: CardJob,
    cards: Sequence[Card],
    failures: Sequence[Failed],
    *,
    analyzer_version: str,
    tally: Tally,
) -> None:
    """Write a chunk's cards and failure records and end its job: all, or nothing.

    Raises:
        LeaseLost: the chunk has passed on; nothing was written.
    """
    now = datetime.now(UTC)
    rows = [card_document(card, now) for card in cards]
    rows += [_failure_row(job, failed, analyzer_version, now) for failed in failures]
    update: Document = {
        "state": "done",
        "owner": None,
        "lease_until": None,
        "cards": len(cards),
        "failures": len(failures),
        # The chunk's scope for ever: a later analysis takes the positions of its own.
        "review_ids": [row["review_id"] for row in rows],
        "analyzer_version": analyzer_version,
        "tally": tally.to_state(),
        "finished_at": now,
    }

    def change(session: ClientSession) -> tuple[Document, None]:
        if rows:
            collection = database_for(settings)[EMOTION_CARDS]
            collection.insert_many(rows, ordered=False, session=session)
        return update, None

    write_fenced(settings, job.lease, change)


def _failure_row(job: CardJob, failed: Failed, analyzer_version: str, now: datetime) -> Document:
    return failure_document(
        task_id=job.task_id,
        product_id=job.product_id,
        review_id=failed.review.review_id,
        content_hash=failed.review.content_hash,
        analyzer_version=analyzer_version,
        failure=failed.failure,
        now=now,
    )


def halve(settings: MongoSettings, job: CardJob, max_attempts: int) -> None:
    """Replace a chunk that keeps failing by its two halves, each with one more try.

    So the one review that breaks a chunk is found, and the others get their cards.
    """
    middle = (job.start + job.end) // 2
    rows = [
        _job(
            f"{job.lease.job_id}.{index}",
            job.task_id,
            job.product_id,
            start,
            end,
            attempts=max_attempts - 1,
        )
        for index, (start, end) in enumerate([(job.start, middle), (middle, job.end)])
    ]

    def change(session: ClientSession) -> tuple[Document, None]:
        database_for(settings)[ANALYSIS_QUEUE].insert_many(rows, session=session)
        return {"state": "split", "owner": None, "lease_until": None, "reviews": 0}, None

    write_fenced(settings, job.lease, change)


def bury(settings: MongoSettings, job: CardJob, *, analyzer_version: str) -> None:
    """Put a single review that keeps failing into the dead-letter state, with its record."""
    review = load_reviews(settings, job.task_id, job.start, job.end)[0]
    code, message = job.last_error or ("lease_lost", "the worker died on it each time")
    failure = AnalysisFailure(FailureReason.DEAD_LETTER, f"{code}: {message}")
    tally = Tally()
    tally.add_failure(failure.reason)
    now = datetime.now(UTC)
    row = _failure_row(job, Failed(review, failure), analyzer_version, now)

    def change(session: ClientSession) -> tuple[Document, None]:
        database_for(settings)[EMOTION_CARDS].insert_one(row, session=session)
        update: Document = {"state": "dead", "owner": None, "lease_until": None, "failures": 1}
        update |= {"tally": tally.to_state(), "analyzer_version": analyzer_version}
        return update | {"review_ids": [review.review_id]}, None

    write_fenced(settings, job.lease, change)


def tallies(settings: MongoSettings, task_id: str) -> Iterator[dict[str, Any]]:
    """Yield the tallies of the finished chunks."""
    where = {"task_id": task_id, "kind": KIND, "state": {"$in": ["done", "dead"]}}
    with translated():
        for job in database_for(settings)[ANALYSIS_QUEUE].find(where, {"tally": 1}):
            yield job["tally"]


def versions(settings: MongoSettings, task_id: str) -> list[str]:
    """Return the analyzer versions that made the task's cards."""
    where = {"task_id": task_id, "kind": KIND, "state": {"$in": ["done", "dead"]}}
    with translated():
        names = database_for(settings)[ANALYSIS_QUEUE].distinct("analyzer_version", where)
    return sorted(names)


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """How the chunks of a task stand."""

    reviews: int = 0
    cards: int = 0
    failures: int = 0
    open_chunks: int = 0
    ready_chunks: int = 0
    dead: int = 0


def chunk_counts(settings: MongoSettings, task_id: str) -> ChunkCounts:
    """Count a task's chunks and what came of them; one round trip."""
    pipeline: list[Document] = [
        {"$match": {"task_id": task_id, "kind": KIND}},
        {"$project": {"_id": 0, "state": 1, "reviews": 1, "cards": 1, "failures": 1}},
        {
            "$group": {
                "_id": "$state",
                "jobs": {"$sum": 1},
                "reviews": {"$sum": "$reviews"},
                "cards": {"$sum": "$cards"},
                "failures": {"$sum": "$failures"},
            }
        },
    ]
    with translated():
        rows = list(database_for(settings)[ANALYSIS_QUEUE].aggregate(pipeline, hint="counts"))
    return ChunkCounts(
        reviews=sum(row["reviews"] for row in rows),
        cards=sum(row["cards"] for row in rows),
        failures=sum(row["failures"] for row in rows),
        open_chunks=sum(row["jobs"] for row in rows if row["_id"] not in ENDED),
        ready_chunks=sum(row["jobs"] for row in rows if row["_id"] == "ready"),
        dead=sum(row["jobs"] for row in rows if row["_id"] == "dead"),
    )


def scope_ids(settings: MongoSettings, task_id: str) -> Iterator[tuple[str, ...]]:
    """Yield the review ids in scope of a finished analysis, a chunk at a time."""
    where = {"task_id": task_id, "kind": KIND, "state": {"$in": ["done", "dead"]}}
    with translated():
        for job in database_for(settings)[ANALYSIS_QUEUE].find(where, {"review_ids": 1}):
            yield tuple(job["review_ids"])
