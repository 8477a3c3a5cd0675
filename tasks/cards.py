"""Cards: claim a chunk, read its reviews, write their cards in one fenced transaction."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager

from domain.cards import AnalysisFailure, Analyzer, Card, Flag, Reading, ReviewText
from domain.errors import (
    AnalyzerCrashed,
    EmotionCardsError,
    LeaseLost,
    StoreUnavailable,
    TransientError,
)
from domain.tally import Tally
from settings import Settings, get_settings
from storage.mongo.card_jobs import CardJob, Failed, bury, claim_cards, commit_cards, halve
from storage.mongo.leases import give_back
from storage.mongo.raw_reviews import StoredReview, load_reviews
from tasks.analyzers import analyzer_of
from tasks.heartbeats import heartbeat
from tasks.owners import new_owner
from tasks.retries import retryable

log = logging.getLogger(__name__)

#: Chunks one task run works off before it reports back.
CHUNKS_A_TASK = 8


@retryable("make cards")
def make_cards(task_id: str, chunks: int = CHUNKS_A_TASK) -> int:
    """Work off up to `chunks` chunks; return how many reviews got their outcome.

    Raises:
        StoreUnavailable: a store does not answer.
        AnalyzerCrashed: the analyzer failed on a chunk; the queue has counted the try.
        AspectTermsInvalid, AnalyzerModelUnusable: there is no analyzer to make them with.
    """
    settings = get_settings()
    # Before a claim: a model that cannot be had says nothing of any review.
    reader = analyzer_of(task_id)
    owner = new_owner()
    made = 0
    for _ in range(chunks):
        job = claim_cards(settings.mongo, task_id, owner, settings.queue.lease_seconds)
        if job is None:
            break
        try:
            made += _work_off(settings, job, reader)
        except LeaseLost as error:
            # Cancelled, or taken over while we were slow: nothing of ours was written.
            log.warning("%s", error.line)
    return made


def _work_off(settings: Settings, job: CardJob, reader: Analyzer) -> int:
    with heartbeat(settings, job.lease), _given_back(settings, job):
        if job.lease.attempts > settings.queue.max_attempts:
            return _isolate(settings, job, reader.version)
        reviews = load_reviews(settings.mongo, job.task_id, job.start, job.end)
        cards, failures, tally = read_chunk(reader, job, reviews)
        commit_cards(
            settings.mongo,
            job,
            cards,
            failures,
            analyzer_version=reader.version,
            tally=tally,
        )
        return len(reviews)


def _isolate(settings: Settings, job: CardJob, version: str) -> int:
    """Deal with a chunk that failed too often: halve it; at one review, bury it."""
    if job.size > 1:
        halve(settings.mongo, job, settings.queue.max_attempts)
        return 0
    bury(settings.mongo, job, analyzer_version=version)
    return 1


@contextmanager
def _given_back(settings: Settings, job: CardJob) -> Iterator[None]:
    """Give the chunk back when its work fails, so that nobody waits for the lease to pass."""
    try:
        yield
    except LeaseLost:
        raise
    except EmotionCardsError as error:
        delay = settings.queue.retry_base * 2 ** (job.lease.attempts - 1)
        try:
            give_back(
                settings.mongo,
                job.lease,
                error,
                delay=delay * random.uniform(0.5, 1.5),  # noqa: S311 - jitter
                # A store that was away says nothing about the reviews.
                counted=not isinstance(error, TransientError),
            )
        except StoreUnavailable as also:
            log.warning("the lease on %s is left to pass: %s", job.lease.job_id, also.line)
        raise


def read_chunk(
    reader: Analyzer, job: CardJob, reviews: list[StoredReview]
) -> tuple[list[Card], list[Failed], Tally]:
    """Return the cards, the failures and their tally for a chunk.

    Raises:
        AnalyzerCrashed: the analyzer raised something, or gave more or fewer readings than
            reviews; its contract is to return one of each, or a failure in its place.
    """
    try:
        readings = reader.analyze([ReviewText(review.text, review.rating) for review in reviews])
        given = len(readings)
    except TransientError:
        raise
    except Exception as error:  # an analyzer is a plug-in: whatever it raises is its crash
        raise AnalyzerCrashed(f"{type(error).__name__}: {error}") from error
    if given != len(reviews):
        raise AnalyzerCrashed(f"{given} readings for {len(reviews)} reviews")
    cards: list[Card] = []
    failures: list[Failed] = []
    tally = Tally()
    version = reader.version
    for review, reading in zip(reviews, readings, strict=True):
        if isinstance(reading, AnalysisFailure):
            failures.append(Failed(review, reading))
            tally.add_failure(reading.reason)
        else:
            card = _card(job, review, reading, version)
            cards.append(card)
            tally.add(card)
    return cards, failures, tally


def _card(job: CardJob, review: StoredReview, reading: Reading, version: str) -> Card:
    if review.edited:
        reading = reading.with_flag(Flag.EDITED)
    if review.masked:
        reading = reading.with_flag(Flag.PII_MASKED)
    return Card(
        task_id=job.task_id,
        product_id=job.product_id,
        review_id=review.review_id,
        content_hash=review.content_hash,
        rating=review.rating,
        reviewed_at=review.created_at,
        analyzer_version=version,
        reading=reading,
    )
