"""Requests: accepted once, moved by compare-and-set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import (
    IllegalMove,
    InvalidRequest,
    RequestCancelled,
    RequestNotFound,
    StoreUnavailable,
)
from domain.requests import ACTIVE, TERMINAL, RequestStatus, sources_of
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisRequest, RequestKey
from storage.postgres.outbox import add_event
from storage.postgres.products import ensure_product

_ORDER = tuple(RequestStatus)
MAX_KEY_CHARS = 200


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


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The request that answers a caller, and whether it was made for this call."""

    task_id: str
    product_id: str
    created: bool


def accept_request(
    settings: PostgresSettings,
    *,
    source: str,
    external_key: str,
    name: str,
    spec: dict[str, Any],
    idempotency_key: str | None,
) -> Acceptance:
    """Accept a request, or find the one that already answers it.

    The same key gives the same request for ever; a product under analysis is not analysed a
    second time beside it: the caller shares the request under way.

    Raises:
        InvalidRequest: the key was used for another location, or is too long.
    """
    if idempotency_key is not None and not 1 <= len(idempotency_key) <= MAX_KEY_CHARS:
        raise InvalidRequest(f"an idempotency key has 1 to {MAX_KEY_CHARS} characters")
    # Somebody may be faster, or the request under way may end between the refused insert and
    # the look-up: the next round sees it. More rounds than a few mean something else is wrong.
    for _ in range(5):
        try:
            with unit_of_work(settings) as session:
                known = _known(session, idempotency_key, spec["location"])
                if known is not None:
                    return known
                product_id = ensure_product(session, source, external_key, name)
                found = _insert_or_share(session, product_id, spec)
                if idempotency_key is not None:
                    _remember(session, idempotency_key, found.task_id, spec["location"])
                return found
        except _Overtaken:
            continue
    raise StoreUnavailable("requests for this product come and go too fast; try again")


class _Overtaken(Exception):
    """Another caller was faster; nothing of this round is kept."""


def _known(session: Session, key: str | None, location: str) -> Acceptance | None:
    if key is None:
        return None
    row = session.get(RequestKey, key, populate_existing=True)
    if row is None:
        return None
    _check_location(row, location)
    request = session.get_one(AnalysisRequest, row.request_id)
    return Acceptance(str(request.id), str(request.product_id), created=False)


def _insert_or_share(session: Session, product_id: UUID, spec: dict[str, Any]) -> Acceptance:
    task_id = uuid4()
    statement = insert(AnalysisRequest).values(id=task_id, product_id=product_id, spec=spec)
    if session.execute(statement.on_conflict_do_nothing().returning(AnalysisRequest.id)).first():
        data = {"product_id": str(product_id), "location": spec["location"]}
        add_event(session, "analysis", str(task_id), str(RequestStatus.REQUESTED), data)
        return Acceptance(str(task_id), str(product_id), created=True)
    query = select(AnalysisRequest.id).where(
        AnalysisRequest.product_id == product_id, AnalysisRequest.status.in_(ACTIVE)
    )
    active = session.scalar(query)
    if active is None:
        raise _Overtaken
    return Acceptance(str(active), str(product_id), created=False)


def _remember(session: Session, key: str, task_id: str, location: str) -> None:
    row = {"idempotency_key": key, "request_id": UUID(task_id), "location": location}
    statement = insert(RequestKey).values(**row).on_conflict_do_nothing()
    if session.execute(statement.returning(RequestKey.request_id)).first() is None:
        raise _Overtaken


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


def find_by_key(
    settings: PostgresSettings, idempotency_key: str, location: str | None = None
) -> str | None:
    """Return the task_id of the request known under a key; None where there is none.

    Raises:
        InvalidRequest: a location is given, and the key belongs to another.
    """
    with unit_of_work(settings) as session:
        row = session.get(RequestKey, idempotency_key)
        if row is None:
            return None
        if location is not None:
            _check_location(row, location)
        return str(row.request_id)


def drop_key(settings: PostgresSettings, idempotency_key: str) -> str | None:
    """Give up a key of a request that others know under keys of their own.

    Returns the task_id where there is no other key, which is then kept; None otherwise.
    """
    with unit_of_work(settings) as session:
        row = session.get(RequestKey, idempotency_key)
        if row is None:
            return None
        # Two callers that leave at once: the second waits here, and sees that it is the last.
        session.get(AnalysisRequest, row.request_id, with_for_update=True)
        query = select(func.count()).where(RequestKey.request_id == row.request_id)
        if session.scalar(query.select_from(RequestKey)) == 1:
            return str(row.request_id)
        session.delete(row)
        return None


def _check_location(row: RequestKey, location: str) -> None:
    if row.location != location:
        key = row.idempotency_key
        raise InvalidRequest(f"idempotency key {key!r} belongs to a request for {row.location}")


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
