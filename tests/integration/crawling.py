"""What every crawl test does: point a source at the hostile server and collect its batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from hostile_server import HostileServer

from domain.reviews import Review, SourceBatch
from settings.models import CrawlSettings
from sources.base import SourceSpec
from sources.pacing import HostPacer
from sources.page_cache import MemoryPageCache
from sources.web import WebSource

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)

#: Polite enough for ourselves, and quick to give up.
QUICK: dict[str, Any] = {
    "requests_per_second": 1000,
    "connect_timeout": 1,
    "read_timeout": 1,
    "total_timeout": 2,
    "page_attempts": 1,
}


@contextmanager
def running(server: HostileServer) -> Iterator[HostileServer]:
    """Close the server after the test."""
    try:
        yield server
    finally:
        server.close()


def source_at(
    server: HostileServer, url: str, *, spec: Mapping[str, Any] | None = None, **changes: Any
) -> WebSource:
    """Return a source that may read this server; `changes` are settings or source options."""
    names = ("final_attempt", "validators", "cache", "resolver", "pacer")
    options = {name: changes.pop(name) for name in names if name in changes}
    settings = CrawlSettings(**{"allowed_private_hosts": [server.host], **QUICK, **changes})
    return WebSource(
        SourceSpec(url, **(spec or {})),
        settings,
        clock=lambda: NOW,
        **{"pacer": HostPacer(), "cache": MemoryPageCache(), **options},
    )


def crawl(server: HostileServer, url: str, **changes: Any) -> list[SourceBatch]:
    """Return all batches of a whole crawl."""
    return list(source_at(server, url, **changes).batches(None))


def reviews_of(batches: list[SourceBatch]) -> list[Review]:
    """Return the reviews of all batches."""
    return [review for batch in batches for review in batch.reviews]


def ids_of(batches: list[SourceBatch]) -> list[str]:
    """Return the review ids of all batches, in order."""
    return [review.review_id for review in reviews_of(batches)]
