"""Ends of a request other than a result: failed, cancelled."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import EmotionCardsError, LeaseLost, RequestCancelled, StoreUnavailable
from domain.requests import TERMINAL, RequestStatus
from settings import Settings
from storage.mongo.leases import cancel_jobs
from storage.mongo.sessions import close_session, open_sessions
from storage.postgres.requests import ended_without_result, get_request, move_request
from tasks.companions import CompanionFailed
from tasks.progress import publish_progress

log = logging.getLogger(__name__)

#: Errors that say nothing against the request: it stays open, and can be resumed.
_PASSING = (StoreUnavailable, LeaseLost, CompanionFailed)


def fail_request(settings: Settings, task_id: str, error: EmotionCardsError) -> None:
    """End a request as failed, with the error's code and its line."""
    if not get_request(settings.postgres, task_id).terminal:
        why = (error.code, error.line)
        move_request(settings.postgres, task_id, RequestStatus.FAILED, error=why)
    _stop_work(settings, task_id)


@contextmanager
def ending_by_name(settings: Settings, task_id: str) -> Iterator[None]:
    """Fail the request with the error that leaves the block: a stage run alone ends it, too.

    A request that has ended otherwise in the meantime keeps its own end.

    Raises:
        RequestCancelled: it was cancelled, whatever the block met after that.
    """
    try:
        yield
    except _PASSING:
        raise
    except EmotionCardsError as error:
        stop_if_ended(settings, task_id)
        fail_request(settings, task_id, error)
        raise


def finish_endings(settings: Settings, product_id: str, *, but: str) -> None:
    """Finish the endings of a product's other requests that died half-way.

    An ending frees the product first and fences its workers second. Until the second is done a
    crawl of the ended request could take the reviews of the next one into its own scope. A
    session that is still open tells of it. Requests that have not ended are let alone: the
    caller itself may be the one that has, and be late.
    """
    others = [each for each in open_sessions(settings.mongo, product_id) if each != but]
    for task_id in ended_without_result(settings.postgres, others):
        _stop_work(settings, task_id)


def cancel_request(settings: Settings, task_id: str) -> bool:
    """Cancel a request; return False where it had ended already.

    Its workers' next write is refused by the fence, whatever they are doing.
    """
    request = get_request(settings.postgres, task_id)
    if request.status in TERMINAL - {RequestStatus.CANCELLED}:
        return False
    moved = move_request(settings.postgres, task_id, RequestStatus.CANCELLED)
    _stop_work(settings, task_id)
    return moved


def _stop_work(settings: Settings, task_id: str) -> None:
    stopped = cancel_jobs(settings.mongo, task_id)
    close_session(settings.mongo, task_id, "cancelled")
    publish_progress(settings, task_id)
    log.info("task %s: %d jobs taken out of work", task_id, stopped)


def stop_if_ended(settings: Settings, task_id: str) -> None:
    """Stop the caller if the request was cancelled or has failed.

    An ending that died half-way is finished first.

    Raises:
        RequestCancelled: the request was cancelled.
        EmotionCardsError: the error that the request failed with.
    """
    request = get_request(settings.postgres, task_id)
    if request.status is RequestStatus.CANCELLED:
        _stop_work(settings, task_id)
        raise RequestCancelled(f"request {task_id} was cancelled")
    if request.status is RequestStatus.FAILED:
        _stop_work(settings, task_id)
        raise EmotionCardsError.from_code(request.error_code or "", request.error_message or "")
