"""Leases: who may work on a job, until when, and with which fencing token.

A claim raises the job's `fence`. Every later write of the worker names `owner` and `fence`; a
worker whose lease has passed on matches nothing, and its transaction writes nothing at all.
Times are the server's (`$$NOW`), so workers' clocks do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pymongo import ASCENDING, ReturnDocument
from pymongo.client_session import ClientSession

from domain.errors import EmotionCardsError, LeaseLost
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import ANALYSIS_QUEUE

T = TypeVar("T")

#: States in which a job needs nobody any more.
ENDED = ("done", "failed", "dead", "split", "cancelled")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one job."""

    job_id: str
    owner: str
    fence: int
    attempts: int

    @property
    def still_held(self) -> Document:
        """The filter that matches the job only while this lease holds."""
        return {"_id": self.job_id, "state": "leased", "owner": self.owner, "fence": self.fence}


def _from_now(seconds: float) -> Document:
    amount = round(seconds * 1000)
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": amount}}


def claim(
    settings: MongoSettings, *, task_id: str, kind: str, owner: str, lease_seconds: float
) -> tuple[Lease, Document] | None:
    """Claim the first ready job of a kind; None where there is none."""
    queue = database_for(settings)[ANALYSIS_QUEUE]
    due = {"$expr": {"$lte": ["$not_before", "$$NOW"]}}
    taken = {
        "state": "leased",
        "owner": {"$literal": owner},
        "fence": {"$add": ["$fence", 1]},
        "attempts": {"$add": ["$attempts", 1]},
        "lease_until": _from_now(lease_seconds),
    }
    with translated():
        job = queue.find_one_and_update(
            {"task_id": task_id, "kind": kind, "state": "ready", **due},
            [{"$set": taken}],
            sort=[("seq", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
    if job is None:
        return None
    return Lease(job["_id"], owner, job["fence"], job["attempts"]), job


def extend(settings: MongoSettings, lease: Lease, lease_seconds: float) -> None:
    """Say that the worker is alive.

    Raises:
        LeaseLost: the job has passed on.
    """
    queue = database_for(settings)[ANALYSIS_QUEUE]
    with translated():
        found = queue.update_one(
            lease.still_held, [{"$set": {"lease_until": _from_now(lease_seconds)}}]
        )
    if found.matched_count == 0:
        raise LeaseLost(f"the lease on {lease.job_id} has passed on")


def give_back(
    settings: MongoSettings,
    lease: Lease,
    error: EmotionCardsError,
    *,
    delay: float,
    counted: bool = True,
) -> None:
    """Return a job after a failed try; it is due again after `delay` seconds.

    A try that failed through no fault of the job is not `counted` against it.
    """
    queue = database_for(settings)[ANALYSIS_QUEUE]
    change = {
        "state": "ready",
        "owner": None,
        "lease_until": None,
        "not_before": _from_now(delay),
        "last_error": {"$literal": {"code": error.code, "message": error.line[:1000]}},
        "attempts": lease.attempts if counted else max(0, lease.attempts - 1),
    }
    with translated():
        queue.update_one(lease.still_held, [{"$set": change}])


def fail(settings: MongoSettings, lease: Lease, error: EmotionCardsError) -> None:
    """End a job that no further try can help.

    Raises:
        LeaseLost: the job has passed on.
    """
    queue = database_for(settings)[ANALYSIS_QUEUE]
    last = {"code": error.code, "message": error.line[:1000]}
    change = {"state": "failed", "owner": None, "lease_until": None, "last_error": last}
    with translated():
        found = queue.update_one(lease.still_held, {"$set": change})
    if found.matched_count == 0:
        raise LeaseLost(f"the lease on {lease.job_id} has passed on")


def write_fenced(
    settings: MongoSettings,
    lease: Lease,
    change: Callable[[ClientSession], tuple[Document, T]],
) -> T:
    """Run `change` and update the job with what it returns, in one transaction.

    `change` is given the session, writes through it, and may run again when the transaction is
    retried. The job's own update comes first, so that a stale worker stops before it writes.

    Raises:
        LeaseLost: the job has passed on; nothing was written.
    """
    database = database_for(settings)
    queue = database[ANALYSIS_QUEUE]

    def transaction(session: ClientSession) -> T:
        # A write, not a read: a rival's claim in the meantime conflicts with it.
        held = queue.update_one(lease.still_held, {"$inc": {"writes": 1}}, session=session)
        if held.matched_count == 0:
            raise LeaseLost(f"the lease on {lease.job_id} has passed on")
        update, outcome = change(session)
        queue.update_one({"_id": lease.job_id}, {"$set": update}, session=session)
        return outcome

    with translated(), database.client.start_session() as session:
        return session.with_transaction(transaction)


def release_expired(settings: MongoSettings, task_id: str) -> int:
    """Make jobs whose worker went silent ready again; return how many."""
    expired = {"$expr": {"$lt": ["$lease_until", "$$NOW"]}}
    return _release(settings, {"task_id": task_id, "state": "leased", **expired})


def release_owned(settings: MongoSettings, task_id: str, owners: Iterable[str]) -> int:
    """Make the jobs of workers known to be dead ready again; return how many."""
    names = list(owners)
    if not names:
        return 0
    return _release(settings, {"task_id": task_id, "state": "leased", "owner": {"$in": names}})


def _release(settings: MongoSettings, which: Document) -> int:
    queue = database_for(settings)[ANALYSIS_QUEUE]
    freed: dict[str, Any] = {"state": "ready", "owner": None, "lease_until": None}
    with translated():
        return queue.update_many(which, {"$set": freed}).modified_count


def owners(settings: MongoSettings, task_id: str) -> list[str]:
    """Return who holds leases on jobs of the task."""
    queue = database_for(settings)[ANALYSIS_QUEUE]
    with translated():
        return [
            str(name) for name in queue.distinct("owner", {"task_id": task_id, "state": "leased"})
        ]


def cancel_jobs(settings: MongoSettings, task_id: str) -> int:
    """Take all unfinished jobs out of work; their workers' next write is refused."""
    queue = database_for(settings)[ANALYSIS_QUEUE]
    unfinished = {"task_id": task_id, "state": {"$in": ["ready", "leased"]}}
    gone = {
        "$set": {"state": "cancelled", "owner": None, "lease_until": None},
        "$inc": {"fence": 1},
    }
    with translated():
        return queue.update_many(unfinished, gone).modified_count
