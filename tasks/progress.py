"""How a task stands: rebuilt from the stores of record, shown through Redis."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, fields
from typing import Any

from domain.errors import StoreUnavailable
from settings.models import Settings
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.crawl_jobs import CrawlState, crawl_state
from storage.postgres.requests import get_request
from storage.redis.progress import read_progress, write_progress

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of reviews, and the request's state."""

    task_id: str
    status: str
    location: str
    #: What the source says, or seems, to have; None where it says nothing.
    expected: int | None
    collected: int
    queued: int
    cards: int
    failures: int
    quarantined: int
    pages: int
    error_code: str | None
    error_message: str | None
    #: Whether `expected` is a guess: neither declared, nor the most that was asked for.
    estimated: bool = False

    @property
    def outcomes(self) -> int:
        """Reviews with a card or a failure record."""
        return self.cards + self.failures

    def to_state(self) -> dict[str, Any]:
        """Return the progress as a JSON-able document."""
        return asdict(self)


def take_progress(settings: Settings, task_id: str) -> Progress:
    """Return how a task stands, from PostgreSQL and MongoDB.

    Raises:
        RequestNotFound: there is no such task.
    """
    request = get_request(settings.postgres, task_id)
    crawl = crawl_state(settings.mongo, task_id)
    chunks = chunk_counts(settings.mongo, task_id)
    coverage = crawl.coverage if crawl else {}
    ended = crawl is not None and crawl.ended
    expected, estimated = _expected(crawl, request.spec.get("max_reviews"))
    return Progress(
        task_id=task_id,
        status=str(request.status),
        location=request.spec["location"],
        expected=coverage["collected"] if ended else expected,
        collected=coverage.get("collected", 0),
        queued=chunks.reviews,
        cards=chunks.cards,
        failures=chunks.failures,
        quarantined=sum(coverage.get("quarantined", {}).values()),
        pages=coverage.get("pages", 0),
        error_code=request.error_code,
        error_message=request.error_message,
        estimated=estimated and not ended,
    )


def _expected(crawl: CrawlState | None, bound: int | None) -> tuple[int | None, bool]:
    """Return how many reviews there will be at most as far as we know, and if that is a guess."""
    # What stored reviews were declared as is of their source; they themselves are counted.
    again = crawl is not None and crawl.coverage.get("reanalysis_of") is not None
    declared = crawl.coverage.get("declared") if crawl and not again else None
    known = declared or (crawl.expected if crawl else None)
    if bound is not None and (known is None or known >= bound):
        return bound, False
    return known, known is not None and not declared and not again


def publish_progress(settings: Settings, task_id: str) -> Progress:
    """Write how a task stands into Redis for its viewers, and return it.

    Without Redis the work goes on: viewers then read the stores of record.
    """
    progress = take_progress(settings, task_id)
    try:
        write_progress(settings.redis, task_id, progress.to_state())
    except StoreUnavailable as error:
        log.warning("progress is not shown: %s", error.line)
    return progress


def shown_progress(settings: Settings, task_id: str) -> Progress:
    """Return the progress that viewers see: Redis's, or that of the stores of record."""
    try:
        shown = read_progress(settings.redis, task_id)
    except StoreUnavailable as error:
        log.info("reading progress from the stores of record: %s", error.line)
        shown = None
    # Fields of another release would not fit: then the stores of record tell.
    fits = shown is not None and shown.keys() == {field.name for field in fields(Progress)}
    return Progress(**shown) if shown and fits else take_progress(settings, task_id)
