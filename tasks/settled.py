"""Whether every review of a task has its outcome: what all of finalising waits for."""

from __future__ import annotations

from typing import Any

from domain.errors import InvariantBroken
from settings import Settings
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.crawl_jobs import crawl_state


def settled_coverage(settings: Settings, task_id: str) -> tuple[dict[str, Any], int]:
    """Return the coverage and the number of dead letters, once every review is terminal.

    Raises:
        InvariantBroken: the source was not read to an end, or a review has neither card nor
            failure record.
    """
    crawl = crawl_state(settings.mongo, task_id)
    chunks = chunk_counts(settings.mongo, task_id)
    outcomes = chunks.cards + chunks.failures
    # An end of another kind than "done" is no result: a crawl that failed, or was cancelled.
    read = crawl is not None and crawl.state == "done"
    if crawl is None or not read or chunks.open_chunks or outcomes != crawl.collected:
        there = crawl.collected if crawl else 0
        stands = f"crawl {crawl.state if crawl else 'missing'}, {chunks.open_chunks} chunks open"
        raise InvariantBroken(f"task {task_id}: {outcomes} outcomes for {there} reviews, {stands}")
    return crawl.coverage, chunks.dead
