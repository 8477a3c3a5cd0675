"""The weighing of a task's cards: one job a task, and what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from domain.cards import Card
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import ANALYSIS_QUEUE, EMOTION_CARDS, SESSIONS
from storage.mongo.emotion_cards import signal_rows
from storage.mongo.leases import Lease, claim, write_fenced

KIND = "trust"


@dataclass(frozen=True, slots=True)
class TrustJob:
    """The weighing of one analysis as its worker holds it."""

    lease: Lease
    task_id: str
    product_id: str


@dataclass(frozen=True, slots=True)
class TrustState:
    """The weighing of one analysis as everybody else sees it."""

    state: str
    #: What `Doubted.to_state` gave; None until it is done.
    doubted: dict[str, Any] | None

    @property
    def done(self) -> bool:
        """Whether all signals stand on their cards."""
        return self.state == "done"


def job_id(task_id: str) -> str:
    """Return the id of the job: one a task, by construction."""
    return f"{task_id}:trust"


def open_trust(settings: MongoSettings, task_id: str, product_id: str) -> None:
    """Make the job; one that is there stays, and a task that was cancelled gets none.

    The session is written to in the same transaction, so that ending it comes before or after:
    `weighings` is there to be written and nothing reads it.
    """
    database = database_for(settings)
    job: Document = {
        "task_id": task_id,
        "product_id": product_id,
        "kind": KIND,
        "seq": 0,
        "state": "ready",
        "fence": 0,
        "attempts": 0,
        "not_before": datetime.now(UTC),
        "owner": None,
        "lease_until": None,
    }

    def transaction(session: ClientSession) -> None:
        still_open = {"_id": task_id, "state": "open"}
        found = database[SESSIONS].update_one(
            still_open, {"$inc": {"weighings": 1}}, session=session
        )
        if found.matched_count:
            database[ANALYSIS_QUEUE].update_one(
                {"_id": job_id(task_id)}, {"$setOnInsert": job}, upsert=True, session=session
            )

    with translated(), database.client.start_session() as session:
        session.with_transaction(transaction)


def claim_trust(
    settings: MongoSettings, task_id: str, owner: str, lease_seconds: float
) -> TrustJob | None:
    """Claim the job; None while somebody else has it, or when it has ended."""
    claimed = claim(settings, task_id=task_id, kind=KIND, owner=owner, lease_seconds=lease_seconds)
    return TrustJob(claimed[0], task_id, claimed[1]["product_id"]) if claimed else None


def trust_state(settings: MongoSettings, task_id: str) -> TrustState | None:
    """Return how the weighing stands; None where there is none, as in releases before it."""
    with translated():
        job = database_for(settings)[ANALYSIS_QUEUE].find_one({"_id": job_id(task_id)})
    return TrustState(job["state"], job.get("doubted")) if job else None


def mark_cards(settings: MongoSettings, job: TrustJob, cards: Sequence[Card]) -> None:
    """Write the signals of cards and the flags that they amount to: all, or none.

    Raises:
        LeaseLost: the job has passed on; nothing was written.
    """
    changes = [
        UpdateOne(
            {"_id": card.card_id},
            {
                "$set": {
                    "signals": signal_rows(card.signals),
                    "flags": [flag.value for flag in card.flags],
                }
            },
        )
        for card in cards
    ]

    def change(session: ClientSession) -> tuple[Document, None]:
        if changes:
            collection = database_for(settings)[EMOTION_CARDS]
            collection.bulk_write(changes, ordered=False, session=session)
        # For whoever looks at a job that takes long: when it last wrote.
        return {"marked_at": datetime.now(UTC)}, None

    write_fenced(settings, job.lease, change)


def end_trust(settings: MongoSettings, job: TrustJob, doubted: dict[str, Any]) -> None:
    """End the job with what all signals come to.

    Raises:
        LeaseLost: the job has passed on; nothing was written.
    """
    update: Document = {
        "state": "done",
        "owner": None,
        "lease_until": None,
        "doubted": doubted,
        "finished_at": datetime.now(UTC),
    }

    def change(_session: ClientSession) -> tuple[Document, None]:
        return update, None

    write_fenced(settings, job.lease, change)
