"""Crawl: the source, batch after batch, each stored together with the cursor behind it."""

from __future__ import annotations

import logging
import time

from prefect.runtime import task_run

from domain.errors import (
    EmotionCardsError,
    LeaseLost,
    NoReviewsFound,
    RateLimited,
    SourceError,
    SourceUnavailable,
    StoreUnavailable,
)
from domain.requests import RequestStatus
from domain.reviews import ProductInfo
from settings import Settings, get_settings
from sources.base import ReviewSource, SourceSpec
from sources.registry import open_source
from storage.mongo import crawl_jobs
from storage.mongo.crawl_jobs import CrawlJob, CrawlState, claim_crawl, commit_batch, crawl_state
from storage.mongo.leases import extend, fail, give_back
from storage.postgres.products import describe_product
from storage.postgres.requests import get_request, move_request
from tasks.companions import stop_with_companions
from tasks.heartbeats import heartbeat
from tasks.owners import new_owner
from tasks.pacing import SharedPacer
from tasks.page_cache import StoredPageCache
from tasks.progress import publish_progress
from tasks.retries import retryable
from tasks.stored_reviews import open_stored

log = logging.getLogger(__name__)

#: Seconds between two looks that viewers get; files give batches far faster.
SHOW_EVERY = 0.2
#: Fewer than elsewhere: the source itself tries each page several times.
CRAWL_RETRIES = 2
#: The outside world's passing failures; those of our own stores never end a crawl.
_OUTSIDE = (SourceUnavailable, RateLimited)


@retryable("crawl source", retries=CRAWL_RETRIES)
def crawl_source(task_id: str) -> int:
    """Read the source from its cursor to its end; return how many reviews the task has.

    Returns at once where somebody else reads it, or it was read.

    Raises:
        SourceError: the source cannot be read.
        TransientError: it cannot be read now.
    """
    settings = get_settings()
    move_request(settings.postgres, task_id, RequestStatus.CRAWLING)
    job = claim_crawl(settings.mongo, task_id, new_owner(), settings.queue.lease_seconds)
    if job is None:
        return collected(settings, task_id)
    final = (task_run.run_count or 1) > CRAWL_RETRIES
    source = _open(settings, task_id, final=final)
    with heartbeat(settings, job.lease):
        try:
            _read(settings, job, source)
        except SourceError as error:
            fail(settings.mongo, job.lease, error)
            raise
        except _OUTSIDE as error:
            if final:
                fail(settings.mongo, job.lease, error)
            else:
                give_back(settings.mongo, job.lease, error, delay=0)
            raise
        except LeaseLost as error:
            # Whoever holds it now reads on, or the request was cancelled; the flow finds out.
            log.warning("%s", error.line)
        except EmotionCardsError as error:
            _try_give_back(settings, job, error)
            raise
    return collected(settings, task_id)


def _open(settings: Settings, task_id: str, *, final: bool = False) -> ReviewSource:
    request = get_request(settings.postgres, task_id)
    spec = SourceSpec.from_state(request.spec)
    if spec.stored:
        return open_stored(settings, task_id, request.product_id)
    return open_source(
        spec,
        settings.crawl,
        pacer=SharedPacer(settings),
        cache=StoredPageCache(settings),
        final_attempt=final,
    )


def _read(settings: Settings, job: CrawlJob, source: ReviewSource) -> None:
    next_look = 0.0
    described: ProductInfo | None = None
    for batch in source.batches(job.cursor):
        stop_with_companions()
        if batch.product is not None and batch.product != described:
            # Before the cursor moves on: a crash in between describes again, and loses nothing.
            _describe(settings, job, batch.product)
            described = batch.product
        job = commit_batch(settings.mongo, job, batch)
        if time.monotonic() >= next_look:
            publish_progress(settings, job.task_id)
            next_look = time.monotonic() + SHOW_EVERY


def _describe(settings: Settings, job: CrawlJob, product: ProductInfo) -> None:
    # The queue's word first: PostgreSQL knows of a newer worker once that one has been there.
    extend(settings.mongo, job.lease, settings.queue.lease_seconds)
    describe_product(
        settings.postgres,
        job.product_id,
        product,
        task_id=job.task_id,
        fence=job.lease.fence,
        observed_at=job.started_at,
    )


def _try_give_back(settings: Settings, job: CrawlJob, error: EmotionCardsError) -> None:
    try:
        give_back(settings.mongo, job.lease, error, delay=0)
    except StoreUnavailable as also:
        log.warning("the crawl's lease is left to pass: %s", also.line)


def collected(settings: Settings, task_id: str) -> int:
    """Return how many reviews the task has so far."""
    state = crawl_state(settings.mongo, task_id)
    return state.collected if state else 0


def note_crawled(task_id: str) -> None:
    """Move the request on: the source is read, the last cards are being made."""
    move_request(get_settings().postgres, task_id, RequestStatus.ANALYZING)


def estimate_reviews(task_id: str) -> int:
    """Write down and return how many reviews the source may have; 0 where it cannot tell.

    Raises:
        SourceError: a file that cannot be read.
    """
    settings = get_settings()
    expected = _open(settings, task_id).expected_reviews()
    crawl_jobs.expect_reviews(settings.mongo, task_id, expected)
    return expected or 0


def crawl_ended(task_id: str) -> CrawlState | None:
    """Return the crawl's end; None while it goes on.

    Raises:
        SourceError, TransientError: the error that ended it, as its worker met it.
        NoReviewsFound: it was read to its end and has no review.
    """
    state = crawl_state(get_settings().mongo, task_id)
    if state is None or not state.ended:
        return None
    if state.state == "failed" and state.error is not None:
        raise EmotionCardsError.from_code(*state.error)
    if state.state == "done" and state.collected == 0:
        kept = sum(state.coverage["quarantined"].values())
        rest = f"; records in quarantine: {kept:,}" if kept else ""
        raise NoReviewsFound(f"the source was read to its end and has no review{rest}")
    return state
