"""Requests as they stand, moved by compare-and-set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.errors import IllegalMove, LeaseLost, RequestCancelled, RequestNotFound
from domain.requests import ACTIVE, TERMINAL, RequestStatus, sources_of
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisRequest
from storage.postgres.outbox import add_event

_ORDER = tuple(RequestStatus)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as the rest of the code sees it."""

    task_id: str
    product_id: str
    spec: dict[str, Any]
    status: RequestStatus
    error_code: str | None
    error_message: str | None
    requested_at: datetime
    finished_at: datetime | None

    @property
    def terminal(self) -> bool:
        """Whether the request has reached its end."""
        return self.status in TERMINAL

    @property
    def has_result(self) -> bool:
        """Whether the request ended with a result."""
        return self.status in {RequestStatus.COMPLETED, RequestStatus.PARTIAL}


def as_task_id(raw: str) -> UUID:
    """Return the id as a UUID.

    Raises:
        RequestNotFound: it is not of the form of a task_id.
    """
    try:
        return UUID(raw)
    except ValueError:
        raise RequestNotFound(f"{raw!r} is not a task_id; `cards status` lists them") from None


def get_request(settings: PostgresSettings, task_id: str) -> RequestRow:
    """Return the request.

    Raises:
        RequestNotFound: there is none with this id.
    """
    with unit_of_work(settings) as session:
        row = session.get(AnalysisRequest, as_task_id(task_id))
        if row is None:
            raise RequestNotFound(f"no request {task_id}; `cards status` lists them")
        return _to_row(row)


def ended_without_result(settings: PostgresSettings, task_ids: Sequence[str]) -> list[str]:
    """Return which of the requests have failed or were cancelled."""
    if not task_ids:
        return []
    query = (
        select(AnalysisRequest.id)
        .where(AnalysisRequest.id.in_([as_task_id(task_id) for task_id in task_ids]))
        .where(AnalysisRequest.status.in_([RequestStatus.FAILED, RequestStatus.CANCELLED]))
    )
    with unit_of_work(settings) as session:
        return [str(task_id) for task_id in session.scalars(query)]


def recent_requests(settings: PostgresSettings, *, limit: int = 20) -> list[RequestRow]:
    """Return the latest requests, newest first."""
    query = select(AnalysisRequest).order_by(AnalysisRequest.requested_at.desc()).limit(limit)
    with unit_of_work(settings) as session:
        return [_to_row(row) for row in session.scalars(query)]


def move_request(
    settings: PostgresSettings,
    task_id: str,
    target: RequestStatus,
    *,
    error: tuple[str, str] | None = None,
) -> bool:
    """Move a request; return False where it stands at or past the target already.

    `error` is (code, one line for a person) and goes with FAILED.

    Raises:
        RequestCancelled: the user stopped it.
        IllegalMove: it has ended otherwise.
    """
    with unit_of_work(settings) as session:
        return move_in(session, task_id, target, error=error)


def move_in(
    session: Session,
    task_id: str,
    target: RequestStatus,
    *,
    error: tuple[str, str] | None = None,
) -> bool:
    """Move a request within the caller's transaction; as `move_request`."""
    values: dict[str, Any] = {"status": str(target), "updated_at": func.now()}
    if target in TERMINAL:
        values["finished_at"] = func.now()
    if error is not None:
        values["error_code"], values["error_message"] = error[0], error[1][:1000]
    statement = (
        update(AnalysisRequest)
        .where(AnalysisRequest.id == as_task_id(task_id))
        .where(AnalysisRequest.status.in_(sorted(sources_of(target))))
        .values(**values)
        .returning(AnalysisRequest.product_id)
    )
    moved = session.execute(statement).scalar()
    if moved is None:
        _explain_refusal(session, task_id, target)
        return False
    data = {"product_id": str(moved), "error_code": error[0] if error else None}
    add_event(session, "analysis", task_id, str(target), data)
    return True


def hold_crawl(session: Session, task_id: str, fence: int) -> None:
    """Let the caller's transaction write for the crawl that holds this fencing token.

    The request's row is locked: it cannot end before the transaction does. Once a crawl with a
    higher token has been here, one that lost its lease to it is refused.

    Raises:
        LeaseLost: the crawl has passed on, or the request has ended.
    """
    statement = (
        update(AnalysisRequest)
        .where(AnalysisRequest.id == as_task_id(task_id))
        .where(AnalysisRequest.status.in_(sorted(ACTIVE)))
        .where(AnalysisRequest.crawl_fence <= fence)
        .values(crawl_fence=fence)
        .returning(AnalysisRequest.id)
    )
    if session.execute(statement).first() is None:
        raise LeaseLost(f"the crawl of request {task_id} has passed on, or its request has ended")


def _explain_refusal(session: Session, task_id: str, target: RequestStatus) -> None:
    present = session.scalar(
        select(AnalysisRequest.status).where(AnalysisRequest.id == as_task_id(task_id))
    )
    if present is None:
        raise RequestNotFound(f"no request {task_id}")
    status = RequestStatus(present)
    if status is target:
        return
    if status is RequestStatus.CANCELLED:
        raise RequestCancelled(f"request {task_id} was cancelled")
    # A step that runs again finds the request further on: that is no error.
    further = _ORDER.index(status) > _ORDER.index(target) and status is not RequestStatus.FAILED
    if target in TERMINAL or not further:
        raise IllegalMove(f"request {task_id} is {status}; it cannot become {target}")


def _to_row(row: AnalysisRequest) -> RequestRow:
    return RequestRow(
        task_id=str(row.id),
        product_id=str(row.product_id),
        spec=row.spec,
        status=RequestStatus(row.status),
        error_code=row.error_code,
        error_message=row.error_message,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
    )
