"""The queue of chunks as the cards stage looks after it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from domain.errors import StoreUnavailable
from settings import Settings
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.crawl_jobs import crawl_state
from storage.mongo.leases import owners, release_expired, release_owned
from tasks.owners import dead_among

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """What is still to be done for the cards of a task."""

    ready_chunks: int
    outcomes: int
    all_terminal: bool


def work_left(settings: Settings, task_id: str) -> WorkLeft:
    """Return what is left; two round trips whatever the size of the task."""
    # The crawl first: read after the chunks, it could have ended with reviews not yet counted.
    crawl = crawl_state(settings.mongo, task_id)
    chunks = chunk_counts(settings.mongo, task_id)
    settled = (
        crawl is not None
        and crawl.ended
        and chunks.open_chunks == 0
        and chunks.reviews >= crawl.collected
    )
    return WorkLeft(chunks.ready_chunks, chunks.cards + chunks.failures, settled)


def free_abandoned(settings: Settings, task_id: str) -> int:
    """Make the jobs of dead or silent workers ready again; return how many.

    A worker killed inside a transaction leaves its locks behind until the server ends it (60 s
    by MongoDB's own setting): until then this waits in vain, and the next round tries again.
    """
    try:
        dead = dead_among(owners(settings.mongo, task_id))
        freed = release_owned(settings.mongo, task_id, dead)
        return freed + release_expired(settings.mongo, task_id)
    except StoreUnavailable as error:
        log.warning("task %s: abandoned jobs are not free yet: %s", task_id, error.line)
        return 0
