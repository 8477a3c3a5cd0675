"""The cards stage: real-time card generation."""

from __future__ import annotations

import logging
import time
from queue import Empty, SimpleQueue

from prefect import flow
from prefect.futures import PrefectFuture

from domain.errors import (
    AnalyzerModelUnusable,
    AspectTermsInvalid,
    EmotionCardsError,
    InvariantBroken,
    StoreUnavailable,
)
from flows.artifacts import ProgressArtifact
from settings import Settings, get_settings
from tasks.analyzers import analyzer_of
from tasks.card_queue import free_abandoned, work_left
from tasks.cards import make_cards
from tasks.companions import stop_with_companions
from tasks.endings import ending_by_name, stop_if_ended
from tasks.intake import lay_out
from tasks.progress import publish_progress

log = logging.getLogger(__name__)

#: What ends a run though it says nothing of a review.
_NOT_OF_REVIEWS = (StoreUnavailable, InvariantBroken, AspectTermsInvalid, AnalyzerModelUnusable)
#: Seconds between two looks at the queue while there is nothing to hand out.
POLL = 0.05
#: Seconds between two rounds of upkeep: progress, abandoned leases, cancellation.
UPKEEP = 0.5


@flow(name="generate-cards", flow_run_name="cards {task_id}")
def generate_cards(task_id: str, workers: int = 1) -> int:
    """Make a card or a failure record of every queued review, until the last is done.

    Any number of these may share one analysis.

    Args:
        task_id: The analysis, as intake returned it.
        workers: Chunks worked on at once by this run.

    Returns:
        How many reviews have their outcome.
    """
    settings = get_settings()
    lay_out(task_id)
    with ending_by_name(settings, task_id):
        return _generate(settings, task_id, Crew(task_id, workers))


def _generate(settings: Settings, task_id: str, crew: Crew) -> int:
    # Settings, or a model, with which no card can be made are told here, and not by burying
    # every review.
    analyzer_of(task_id)
    artifact = ProgressArtifact(task_id)
    next_upkeep = 0.0
    while True:
        if time.monotonic() >= next_upkeep:
            _upkeep(settings, task_id, artifact)
            next_upkeep = time.monotonic() + UPKEEP
        left = work_left(settings, task_id)
        if left.all_terminal and not crew.busy:
            artifact.show(publish_progress(settings, task_id))
            return left.outcomes
        crew.work(left.ready_chunks)


def _upkeep(settings: Settings, task_id: str, artifact: ProgressArtifact) -> None:
    stop_with_companions()
    stop_if_ended(settings, task_id)
    freed = free_abandoned(settings, task_id)
    if freed:
        log.warning("task %s: %d abandoned jobs are ready again", task_id, freed)
    artifact.show(publish_progress(settings, task_id))


class Crew:
    """A bounded number of task runs at work on one task's chunks."""

    def __init__(self, task_id: str, size: int) -> None:
        self._task_id = task_id
        self._size = size
        self._running = 0
        self._done: SimpleQueue[PrefectFuture[int]] = SimpleQueue()

    @property
    def busy(self) -> bool:
        """Whether a task run is under way."""
        return self._running > 0

    def work(self, ready_chunks: int) -> None:
        """Start a task run if there is work and a free place; otherwise wait a moment.

        Raises:
            StoreUnavailable: a store stayed away through all retries of a run.
            InvariantBroken: the reviews of a chunk are not there.
            AspectTermsInvalid, AnalyzerModelUnusable: there is no analyzer any more.
        """
        # One more than there are hands, so that nobody waits while this loop looks around.
        if self._running < min(self._size + 1, ready_chunks):
            self._running += 1
            make_cards.submit(self._task_id).add_done_callback(self._done.put)
            return
        try:
            finished = self._done.get(timeout=POLL)
        except Empty:
            return
        self._running -= 1
        self._look_at(finished)

    def _look_at(self, finished: PrefectFuture[int]) -> None:
        outcome = finished.result(raise_on_failure=False)
        if isinstance(outcome, _NOT_OF_REVIEWS):
            # None says anything of a review, and no try or halving brings reviews back.
            raise outcome
        if isinstance(outcome, EmotionCardsError):
            # The queue has counted the try: it is repeated, halved, or buried with a record.
            log.warning("a chunk failed: %s", outcome.line)
        elif isinstance(outcome, BaseException):
            raise outcome
