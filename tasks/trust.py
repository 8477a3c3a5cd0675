"""Trust: when all cards are there, the signs of doubt among them are found and written on them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

from domain.doubted import Doubted
from domain.errors import EmotionCardsError, InvariantBroken, LeaseLost, StoreUnavailable
from domain.requests import RequestStatus
from domain.signals import Signal
from domain.trust import Corpus, Elsewhere, weigh
from settings import Settings, get_settings
from storage.mongo.fingerprints import leave_fingerprints, twins
from storage.mongo.leases import give_back
from storage.mongo.trust_jobs import (
    TrustJob,
    claim_trust,
    end_trust,
    mark_cards,
    open_trust,
    trust_state,
)
from storage.mongo.weighed_reviews import load_cards, weighed_reviews
from storage.postgres.requests import get_request
from tasks.ahead import read_ahead
from tasks.card_queue import free_abandoned
from tasks.endings import stop_if_ended
from tasks.heartbeats import heartbeat
from tasks.owners import new_owner
from tasks.progress import publish_progress
from tasks.retries import retryable
from tasks.settled import settled_coverage

log = logging.getLogger(__name__)

#: Seconds between two looks while somebody else weighs, and between two rounds of upkeep.
POLL = 0.05
UPKEEP = 0.5
#: Cards written in one transaction, and reviews whose keys are asked for at once.
BATCH = 500


@retryable("weigh trust")
def weigh_trust(task_id: str) -> dict[str, int]:
    """Find and write the signals of all cards; return how many cards carry each kind.

    Any number of these may run side by side: one works, the others wait for it. What a run that
    was killed has written is made right by the next.

    Raises:
        InvariantBroken: a review has neither card nor failure record.
        RequestCancelled, EmotionCardsError: the request has ended otherwise.
    """
    settings = get_settings()
    request = get_request(settings.postgres, task_id)
    if request.status not in {RequestStatus.COMPLETED, RequestStatus.PARTIAL}:
        settled_coverage(settings, task_id)
        open_trust(settings.mongo, task_id, request.product_id)
        _until_weighed(settings, task_id)
    found = doubted_of(settings, task_id)
    return dict(sorted(found.signals.items())) if found else {}


def doubted_of(settings: Settings, task_id: str) -> Doubted | None:
    """Return what the weighing of a task came to; None where it is not done, or never was."""
    trust = trust_state(settings.mongo, task_id)
    if trust is None or not trust.done or trust.doubted is None:
        return None
    return Doubted.from_state(trust.doubted)


def _until_weighed(settings: Settings, task_id: str) -> None:
    """Weigh, or wait for whoever does; a worker that is gone is replaced."""
    owner = new_owner()
    next_upkeep = 0.0
    while True:
        job = claim_trust(settings.mongo, task_id, owner, settings.queue.lease_seconds)
        if job is not None:
            try:
                _weigh(settings, job)
            except LeaseLost as error:
                # Cancelled, or taken over while we were slow: the store has refused our writes.
                log.warning("%s", error.line)
        trust = trust_state(settings.mongo, task_id)
        if trust is not None and trust.done:
            return
        if time.monotonic() >= next_upkeep:
            stop_if_ended(settings, task_id)
            if trust is None:
                message = f"task {task_id}: its session has ended, it cannot be weighed"
                raise InvariantBroken(message)
            free_abandoned(settings, task_id)
            publish_progress(settings, task_id)
            next_upkeep = time.monotonic() + UPKEEP
        time.sleep(POLL)


def _weigh(settings: Settings, job: TrustJob) -> None:
    started = time.monotonic()
    with heartbeat(settings, job.lease), _given_back(settings, job):
        corpus, marked = _gathered(settings, job)
        signals = weigh(corpus, _elsewhere(settings, job, corpus))
        doubted = _mark(settings, job, signals, marked)
        end_trust(settings.mongo, job, doubted.to_state())
    log.info(
        "task %s: %d of %d cards are doubted (%s), weighed in %.1f s",
        job.task_id,
        doubted.tally.cards,
        len(corpus),
        ", ".join(f"{kind} {count}" for kind, count in sorted(doubted.signals.items())) or "none",
        time.monotonic() - started,
    )


def _gathered(settings: Settings, job: TrustJob) -> tuple[Corpus, set[str]]:
    """Return the task's reviews, and which cards carry signals; the product's prints are left.

    They are left before others' are looked for: of two products weighed at the same moment at
    least the one that looks last finds the other.
    """
    corpus = Corpus()
    marked: set[str] = set()
    leaving: Future[int] | None = None
    # The server writes a batch's prints while the next batch is read and signed.
    with ThreadPoolExecutor(1, thread_name_prefix="prints") as beside:
        for batch in read_ahead(weighed_reviews(settings.mongo, job.task_id, job.product_id)):
            signed = corpus.add(batch.reviews)
            marked.update(batch.marked)
            if leaving is not None:
                leaving.result()
            leaving = beside.submit(
                leave_fingerprints, settings.mongo, job.product_id, batch, signed
            )
        if leaving is not None:
            leaving.result()
    return corpus, marked


def _elsewhere(settings: Settings, job: TrustJob, corpus: Corpus) -> dict[int, str]:
    """Return what the reviews copy of other products, by the number of the compared review."""
    elsewhere = Elsewhere(corpus)
    for start in range(0, len(corpus.compared), BATCH):
        keys = elsewhere.ask(start, start + BATCH)
        for others in twins(settings.mongo, job.product_id, keys):
            elsewhere.answer(others)
    for product_id, count in sorted(elsewhere.listings.items()):
        log.info(
            "task %s: shares %d of %d compared reviews with product %s, under the same ids: one "
            "listing at two addresses, none of them is doubted for it",
            job.task_id,
            count,
            len(corpus.compared),
            product_id,
        )
    return elsewhere.found


def _mark(
    settings: Settings,
    job: TrustJob,
    signals: Mapping[str, tuple[Signal, ...]],
    marked: set[str],
) -> Doubted:
    """Write the signals that the cards do not carry yet; return what all of them come to.

    `marked` are the cards that carry some: of an earlier run that did not come to its end.
    """
    doubted = Doubted()
    concerned = iter(sorted(marked.union(signals)))
    while review_ids := list(islice(concerned, BATCH)):
        changed = []
        for card in load_cards(settings.mongo, job.task_id, review_ids):
            weighed = replace(card, signals=signals.get(card.review_id, ()))
            doubted.add(weighed)
            if weighed.signals != card.signals:
                changed.append(weighed)
        if changed:
            mark_cards(settings.mongo, job, changed)
    return doubted


@contextmanager
def _given_back(settings: Settings, job: TrustJob) -> Iterator[None]:
    """Give the job back when its work fails, so that nobody waits for the lease to pass."""
    try:
        yield
    except LeaseLost:
        raise
    except EmotionCardsError as error:
        try:
            give_back(settings.mongo, job.lease, error, delay=0)
        except StoreUnavailable as also:
            log.warning("the lease on %s is left to pass: %s", job.lease.job_id, also.line)
        raise
