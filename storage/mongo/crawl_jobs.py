"""The crawl's own job: its cursor, its coverage, and each batch as one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo.client_session import ClientSession

from domain.coverage import Coverage
from domain.reviews import SourceBatch
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import ANALYSIS_QUEUE, SESSIONS
from storage.mongo.leases import ENDED, Lease, claim, write_fenced
from storage.mongo.quarantine import quarantine
from storage.mongo.raw_reviews import store_batch

KIND = "crawl"


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """The crawl of one analysis as its worker holds it."""

    lease: Lease
    task_id: str
    product_id: str
    cursor: dict[str, Any] | None
    coverage: dict[str, Any]
    batches: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class CrawlState:
    """The crawl of one analysis as everybody else sees it."""

    state: str
    collected: int
    coverage: dict[str, Any]
    expected: int | None
    error: tuple[str, str] | None
    started_at: datetime

    @property
    def ended(self) -> bool:
        """Whether no more reviews will come."""
        return self.state not in {"ready", "leased"}


def job_id(task_id: str) -> str:
    """Return the id of the crawl job: one a task, by construction."""
    return f"{task_id}:crawl"


def open_analysis(
    settings: MongoSettings,
    task_id: str,
    product_id: str,
    coverage: Coverage | None = None,
    *,
    model: str | None = None,
) -> None:
    """Make the crawl job and the session; what is there already stays.

    A crawl begins with nothing covered; a re-analysis with the `coverage` of its reviews. The
    adapted `model` is that of all its cards, None for the shipped one.
    """
    database = database_for(settings)
    now = datetime.now(UTC)
    job: Document = {
        "task_id": task_id,
        "product_id": product_id,
        "kind": KIND,
        "seq": 0,
        "state": "ready",
        "fence": 0,
        "attempts": 0,
        "not_before": now,
        "owner": None,
        "lease_until": None,
        "cursor": None,
        "coverage": (coverage or Coverage()).to_state(),
        "batches": 0,
        "expected": None,
        "started_at": now,
    }
    session = {
        "product_id": product_id,
        "state": "open",
        "queued": 0,
        "started_at": now,
        "model": model,
    }
    with translated():
        database[SESSIONS].update_one({"_id": task_id}, {"$setOnInsert": session}, upsert=True)
        database[ANALYSIS_QUEUE].update_one(
            {"_id": job_id(task_id)}, {"$setOnInsert": job}, upsert=True
        )


def claim_crawl(
    settings: MongoSettings, task_id: str, owner: str, lease_seconds: float
) -> CrawlJob | None:
    """Claim the crawl; None while somebody else has it, or when it has ended."""
    claimed = claim(settings, task_id=task_id, kind=KIND, owner=owner, lease_seconds=lease_seconds)
    if claimed is None:
        return None
    lease, job = claimed
    return CrawlJob(
        lease=lease,
        task_id=task_id,
        product_id=job["product_id"],
        cursor=job["cursor"],
        coverage=job["coverage"],
        batches=job["batches"],
        started_at=job["started_at"],
    )


def crawl_state(settings: MongoSettings, task_id: str) -> CrawlState | None:
    """Return how the crawl stands; None before it was opened."""
    with translated():
        job = database_for(settings)[ANALYSIS_QUEUE].find_one({"_id": job_id(task_id)})
    if job is None:
        return None
    error = job.get("last_error")
    return CrawlState(
        state=job["state"],
        collected=job["coverage"]["collected"],
        coverage=job["coverage"],
        expected=job.get("expected"),
        error=(error["code"], error["message"]) if error else None,
        started_at=job["started_at"],
    )


def reading_of(settings: MongoSettings, task_id: str) -> str:
    """Return the analysis that read the task's reviews from their source: mostly itself."""
    state = crawl_state(settings, task_id)
    read_by = state.coverage.get("reanalysis_of") if state else None
    return str(read_by or task_id)


def expect_reviews(settings: MongoSettings, task_id: str, expected: int | None) -> None:
    """Write down how many reviews there may be, for progress and for the choice of runner.

    It is asked before anybody holds the crawl, so there is no token to show: a crawl that has
    ended, or was taken out of work, keeps what it has.
    """
    unfinished = {"_id": job_id(task_id), "state": {"$nin": list(ENDED)}}
    with translated():
        database_for(settings)[ANALYSIS_QUEUE].update_one(
            unfinished, {"$set": {"expected": expected}}
        )


def commit_batch(settings: MongoSettings, job: CrawlJob, batch: SourceBatch) -> CrawlJob:
    """Store a batch and move the cursor behind it: both, or neither.

    Returns the job as it stands then. The last batch (`done`) ends it.

    Raises:
        LeaseLost: the crawl has passed on; nothing was written.
    """

    def change(session: ClientSession) -> tuple[Document, CrawlJob]:
        coverage = Coverage.from_state(job.coverage)
        stored = store_batch(
            settings,
            session,
            task_id=job.task_id,
            product_id=job.product_id,
            reviews=batch.reviews,
            first_pos=coverage.collected,
            seen=coverage.reanalysis_of is None,
        )
        coverage.add(
            batch, collected=stored.collected, duplicates=stored.duplicates, edited=stored.edited
        )
        coverage.quarantine(stored.conflicts)
        quarantine(
            settings,
            session,
            task_id=job.task_id,
            product_id=job.product_id,
            batch=job.batches,
            rejected=[*batch.rejected, *stored.conflicts],
        )
        update: Document = {
            "cursor": dict(batch.cursor),
            "coverage": coverage.to_state(),
            "batches": job.batches + 1,
        }
        after = CrawlJob(
            lease=job.lease,
            task_id=job.task_id,
            product_id=job.product_id,
            cursor=update["cursor"],
            coverage=update["coverage"],
            batches=update["batches"],
            started_at=job.started_at,
        )
        if batch.done:
            update |= {"state": "done", "owner": None, "lease_until": None}
        return update, after

    return write_fenced(settings, job.lease, change)
