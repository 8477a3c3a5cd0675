"""Finalise: from the chunks' tallies to the one result, its caches and its report."""

from __future__ import annotations

import logging
from typing import Any

from domain.coverage import Coverage
from domain.errors import InvariantBroken, StoreRejected, StoreUnavailable
from domain.requests import RequestStatus
from domain.results import build_numbers
from domain.tally import Tally, merged
from reports.files import write_report
from settings import Settings, get_settings
from storage.mongo.card_jobs import tallies, versions
from storage.mongo.sessions import close_session, session_open
from storage.postgres.requests import get_request, move_request
from storage.postgres.results import current_task, save_result
from storage.redis.caches import drop_product, warm_analysis
from tasks.documents import result_document
from tasks.endings import ending_by_name
from tasks.progress import publish_progress
from tasks.reanalysis import refuse_worse
from tasks.recounting import recount
from tasks.report_pages import report_page
from tasks.retries import retryable
from tasks.settled import settled_coverage
from tasks.trust import doubted_of

log = logging.getLogger(__name__)


@retryable("write result")
def write_result(task_id: str) -> RequestStatus:
    """Write the result of a task whose reviews are all terminal, and end the request.

    Raises:
        ReanalysisWorse: it would take the place of a better result; the request has failed.
        InvariantBroken: the source was not read to an end, or a review has neither card nor
            failure record, or the cards are not weighed; the request is not moved.
        RequestCancelled, IllegalMove: the request has ended otherwise.
    """
    settings = get_settings()
    request = get_request(settings.postgres, task_id)
    if request.status in {RequestStatus.COMPLETED, RequestStatus.PARTIAL}:
        return request.status
    # Before any move: asked too early, the request stays where its other stages have it.
    coverage, dead = settled_coverage(settings, task_id)
    with ending_by_name(settings, task_id):
        refuse_worse(settings, request, dead)
    doubted = doubted_of(settings, task_id)
    if doubted is None:
        raise InvariantBroken(f"task {task_id}: its cards are not weighed")
    for step in (RequestStatus.ANALYZING, RequestStatus.FINALIZING):
        move_request(settings.postgres, task_id, step)
    whole = Coverage.from_state(coverage).whole and not dead
    status = RequestStatus.COMPLETED if whole else RequestStatus.PARTIAL
    save_result(
        settings.postgres,
        task_id=task_id,
        product_id=request.product_id,
        status=status,
        analyzer_version=", ".join(versions(settings.mongo, task_id)),
        numbers=build_numbers(_tally(settings, task_id), doubted),
        coverage=coverage,
    )
    return get_request(settings.postgres, task_id).status


def _tally(settings: Settings, task_id: str) -> Tally:
    """Return the sum of the chunks' tallies, or count the cards where those say too little."""
    kept = merged(tallies(settings.mongo, task_id))
    return recount(settings, task_id) if kept.older else kept


@retryable("show result")
def show_result(task_id: str) -> str:
    """Drop and warm the caches, write the report; return the report's path."""
    settings = get_settings()
    document = result_document(settings, task_id)
    _refresh_caches(settings, task_id, document)
    publish_progress(settings, task_id)
    try:
        path = write_report(report_page(settings, document), settings.reports_dir, task_id)
    except OSError as error:
        message = f"the report cannot be written to {settings.reports_dir}: {error.strerror}"
        raise StoreRejected(message) from error
    return str(path.resolve())


@retryable("close session")
def end_showing(task_id: str) -> None:
    """End the session: last, for an open one tells a resumed run that showing was cut short."""
    close_session(get_settings().mongo, task_id)


def _refresh_caches(settings: Settings, task_id: str, document: dict[str, Any]) -> None:
    product_id = document["product_id"]
    try:
        drop_product(settings.redis, product_id)
        if current_task(settings.postgres, product_id) != task_id:
            return
        warm_analysis(settings.redis, product_id, document)
        if current_task(settings.postgres, product_id) != task_id:
            # The next one was swapped in meanwhile, and may have been warmed before.
            drop_product(settings.redis, product_id)
    except StoreUnavailable as error:
        # A cache that is away serves nothing old either.
        log.warning("caches are not warmed: %s", error.line)


def still_to_show(task_id: str) -> bool:
    """Return whether a finished analysis was cut short before its result was shown."""
    return session_open(get_settings().mongo, task_id)
