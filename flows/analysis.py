"""The whole analysis: the five stages, crawl, queue and cards side by side."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, cast

from prefect import Flow, State, flow, runtime
from prefect.client.schemas.objects import FlowRun
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from domain.errors import (
    EmotionCardsError,
    Fault,
    InvalidRequest,
    RequestCancelled,
    StoreUnavailable,
)
from flows.cards import generate_cards
from flows.crawl import crawl_reviews
from flows.finalization import finalize_analysis
from flows.intake import Columns, MaxReviews, RatingMax, intake_request
from flows.keywords import add_keywords
from flows.queueing import queue_reviews
from settings import Settings, get_settings
from tasks.companions import side_by_side
from tasks.crawl import estimate_reviews
from tasks.endings import cancel_request, fail_request, stop_if_ended
from tasks.events import relay_events
from tasks.finalization import still_to_show
from tasks.intake import lay_out, leave_request, request_state
from tasks.pool_processes import end_with_parent

log = logging.getLogger(__name__)


def cancel_with_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Cancel the analysis of a run that was cancelled in Prefect: no request stays open.

    An analysis that other runs asked for too, under the same key or another, is theirs and goes
    on with them.
    """
    asked = flow_run.parameters or {}
    task_id = asked.get("task_id") or leave_request(str(flow_run.id))
    if task_id is not None:
        cancel_request(get_settings(), task_id)


@flow(
    name="analyze-product",
    flow_run_name="analysis of {location}",
    on_cancellation=[cancel_with_run],
)
def analyze_product(
    location: str = "",
    task_id: str | None = None,
    idempotency_key: str | None = None,
    columns: Columns | None = None,
    rating_max: RatingMax | None = None,
    encoding: str | None = None,
    max_reviews: MaxReviews | None = None,
) -> dict[str, Any]:
    """Turn a product's reviews into emotion cards and one result.

    Give a location for a new analysis, or a task_id to go on with one that was interrupted.
    A product that is under analysis already is not analysed twice: both callers get the same.

    Args:
        location: Address of a product's page (https://…) or path of a file (CSV, JSONL, Parquet).
        task_id: Go on with this analysis; the other fields are then not used.
        idempotency_key: The same key with the same fields is one analysis; empty: this run's own.
        columns: For files: our field (text, rating, review_id, created_at) to the file's column.
        rating_max: For files: the best rating of the scale; found out where empty.
        encoding: For files: the text encoding; found out where empty.
        max_reviews: Stop after this many reviews.

    Returns:
        The task_id and how the request ended.
    """
    settings = get_settings()
    if task_id is None:
        if not location.strip():
            raise InvalidRequest("give a location to analyse, or the task_id of an analysis")
        words = (columns, rating_max, encoding, max_reviews)
        # This run, not its root: a parent may analyse many products. A retry has the same id.
        run_id = str(runtime.flow_run.id)
        task_id = intake_request(location, idempotency_key or None, *words, asked_by=run_id)
    return work_through(settings, task_id)


def work_through(settings: Settings, task_id: str) -> dict[str, Any]:
    """Carry an accepted request to its end from where it stands, whatever its reviews come from.

    Returns the task_id and how the request ended.

    Raises:
        RequestCancelled: it was cancelled.
        EmotionCardsError: the error that it failed with, or a store is away: it stays open then.
        BrokenProcessPool: a process was killed; it stays open and can be resumed.
    """
    try:
        with faults_by_name():
            status = _run_stages(settings, task_id)
    except RequestCancelled:
        raise
    except StoreUnavailable:
        # Nothing can be written down now; the request stays open and can be resumed.
        raise
    except EmotionCardsError as error:
        # A fault of ours, too: it would fail again, and block its product.
        fail_request(settings, task_id, error)
        raise
    finally:
        _relay(settings)
    # Behind all that ends a request: whatever goes wrong here, the result stands.
    add_keywords(settings, task_id)
    return {"task_id": task_id, "status": status}


@contextmanager
def faults_by_name() -> Iterator[None]:
    """Give what nobody meant to raise in the block a name and a line.

    Raises:
        Fault: in the place of such an error, which is its cause.
    """
    try:
        yield
    except (EmotionCardsError, BrokenProcessPool):
        # A process that was killed, perhaps for its memory, is no fault of the program.
        raise
    except Exception as error:  # whatever was not foreseen: raised again, with a name
        raise Fault(f"{type(error).__name__}: {error}") from error


def _run_stages(settings: Settings, task_id: str) -> str:
    state = request_state(task_id)
    if state.terminal and not (state.has_result and still_to_show(task_id)):
        # Raises where it failed or was cancelled, and finishes an ending that died half-way.
        stop_if_ended(settings, task_id)
        return str(state.status)
    if state.terminal:
        return finalize_analysis(task_id)
    lay_out(task_id)
    expected = estimate_reviews(task_id)
    side_by_side(
        lambda: crawl_reviews(task_id),
        lambda: queue_reviews(task_id),
        lambda: _generate_cards(settings, task_id, expected),
    )
    return finalize_analysis(task_id)


def _generate_cards(settings: Settings, task_id: str, expected: int) -> int:
    """Make the cards here, or, of many reviews, in processes beside this one."""
    if expected < settings.analysis.large_from:
        return generate_cards(task_id)
    processes = settings.analysis.processes
    pool = ProcessPoolTaskRunner(max_workers=processes, initializer=end_with_parent)
    # Prefect types a runner by the futures it hands out; any runner does here.
    runner = cast("TaskRunner[PrefectFuture[Any]]", pool)
    return generate_cards.with_options(task_runner=runner)(task_id, workers=processes)


def _relay(settings: Settings) -> None:
    """Send the events on; with Kafka away they wait in the outbox."""
    if settings.kafka.bootstrap is None:
        log.info("no Kafka is set up: events wait in the outbox")
        return
    try:
        relay_events()
    except StoreUnavailable as error:
        log.warning("events wait in the outbox: %s", error.line)
