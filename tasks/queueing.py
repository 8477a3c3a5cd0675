"""Queue: crawled reviews become chunks while the crawl goes on."""

from __future__ import annotations

import time

from settings import Settings, get_settings
from storage.mongo.card_jobs import cut_chunk, queued_reviews
from storage.mongo.crawl_jobs import CrawlState, crawl_state
from storage.postgres.requests import get_request
from tasks.companions import stop_with_companions
from tasks.endings import stop_if_ended
from tasks.retries import retryable

#: Seconds between two looks at the crawl: short beside a page, long beside a query.
POLL = 0.1
#: Seconds between two looks whether the request has ended otherwise.
LOOK = 1.0


@retryable("queue reviews")
def queue_until_crawled(task_id: str) -> int:
    """Cut chunks until every review of the ended crawl is in one; return how many there are.

    The first reviews go out at once, for somebody is watching; later ones wait a moment for
    their chunk to fill. Any number of these may run side by side.

    Raises:
        RequestCancelled, EmotionCardsError: the request has ended otherwise.
    """
    settings = get_settings()
    product_id = get_request(settings.postgres, task_id).product_id
    waiting_since: float | None = None
    next_look = 0.0
    while True:
        stop_with_companions()
        crawl = crawl_state(settings.mongo, task_id)
        queued = queued_reviews(settings.mongo, task_id)
        if crawl is None or (crawl.ended and queued >= crawl.collected):
            return queued
        end = _next_end(settings, crawl, queued, waiting_since)
        if end is not None and cut_chunk(settings.mongo, task_id, product_id, end):
            waiting_since = None
            continue
        if time.monotonic() >= next_look:
            stop_if_ended(settings, task_id)
            next_look = time.monotonic() + LOOK
        waiting = queued < crawl.collected
        waiting_since = (waiting_since or time.monotonic()) if waiting else None
        time.sleep(POLL)


def _next_end(
    settings: Settings, crawl: CrawlState, queued: int, waiting_since: float | None
) -> int | None:
    """Return the position up to which the next chunk reaches, None to wait."""
    size = settings.queue.chunk_reviews
    there = crawl.collected - queued
    if crawl.state == "cancelled" or there <= 0:
        return None
    if there >= size:
        return queued + size
    waited = waiting_since is not None and time.monotonic() - waiting_since
    if crawl.ended or queued == 0 or waited >= settings.queue.chunk_wait:
        return crawl.collected
    return None
