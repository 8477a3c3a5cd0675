"""Accepting requests: once each, found again by their idempotency keys, shared where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import InvalidRequest, ProductBusy, StoreUnavailable
from domain.requests import ACTIVE, RequestStatus
from domain.specs import Difference, canonical, differences, told_as_change
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisRequest, RequestKey
from storage.postgres.outbox import add_event
from storage.postgres.products import ensure_product

MAX_KEY_CHARS = 200
#: How the keys begin that runs have of themselves, beside those that callers give.
RUN_KEY = "flow-run:"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The request that answers a caller, and whether it was made for this call."""

    task_id: str
    product_id: str
    created: bool
    #: What this caller asked for otherwise than the request under way that it was given.
    differences: tuple[Difference, ...] = ()


def accept_request(
    settings: PostgresSettings,
    *,
    source: str,
    external_key: str,
    name: str,
    spec: dict[str, Any],
    idempotency_key: str | None,
    run_id: str | None = None,
    answered_by: str | None = None,
) -> Acceptance:
    """Accept a request, or find the one that already answers it.

    The same key gives the same request for ever; a product under analysis is not analysed a
    second time beside it: the caller shares the request under way, and is told in what that
    one was asked otherwise. A run that asks leaves a key of its own beside the one it was
    given, to tell that it is there (`drop_run_key`). With `answered_by`, an analysis of the
    product, none is made: that one is the answer, for the keys too.

    Raises:
        InvalidRequest: the key was used for other words, or is too long.
        ProductBusy: its source is being read, and stored reviews are asked for, or the other
            way round: neither would answer the other.
    """
    if idempotency_key is not None and not 1 <= len(idempotency_key) <= MAX_KEY_CHARS:
        raise InvalidRequest(f"an idempotency key has 1 to {MAX_KEY_CHARS} characters")
    keys = [idempotency_key] if idempotency_key is not None else []
    keys += [run_key(run_id)] if run_id is not None else []
    # Somebody may be faster, or the request under way may end between the refused insert and
    # the look-up: the next round sees it. More rounds than a few mean something else is wrong.
    for _ in range(5):
        try:
            with unit_of_work(settings) as session:
                known = {key: _known(session, key, spec) for key in keys}
                found = next((each for each in known.values() if each is not None), None)
                if found is None:
                    product_id = ensure_product(session, source, external_key, name)
                    found = (
                        _insert_or_share(session, product_id, spec)
                        if answered_by is None
                        else Acceptance(answered_by, str(product_id), created=False)
                    )
                for key in (key for key in keys if known[key] is None):
                    _remember(session, key, found.task_id, spec)
                return found
        except _Overtaken:
            continue
    raise StoreUnavailable("requests for this product come and go too fast; try again")


def run_key(run_id: str) -> str:
    """Return the key that a run has of itself."""
    return f"{RUN_KEY}{run_id}"


class _Overtaken(Exception):
    """Another caller was faster; nothing of this round is kept."""


def known_under(
    settings: PostgresSettings, idempotency_key: str, spec: dict[str, Any] | None = None
) -> Acceptance | None:
    """Return the request known under a key, as its caller was given it; None where there is none.

    Raises:
        InvalidRequest: a spec is given, and the key belongs to another.
    """
    with unit_of_work(settings) as session:
        return _known(session, idempotency_key, spec)


def find_by_key(settings: PostgresSettings, idempotency_key: str) -> str | None:
    """Return the task_id of the request known under a key; None where there is none."""
    known = known_under(settings, idempotency_key)
    return known.task_id if known else None


def open_runs_below(settings: PostgresSettings, run_id: str) -> list[str]:
    """Return the names of a run's parts, `{run_id}:…`, whose requests have not ended."""
    query = (
        select(RequestKey.idempotency_key)
        .join(AnalysisRequest, AnalysisRequest.id == RequestKey.request_id)
        .where(RequestKey.idempotency_key.startswith(f"{run_key(run_id)}:", autoescape=True))
        .where(AnalysisRequest.status.in_(ACTIVE))
    )
    with unit_of_work(settings) as session:
        return [key.removeprefix(RUN_KEY) for key in session.scalars(query)]


def known_below(settings: PostgresSettings, key: str, *, skip: int, limit: int = 100) -> list[str]:
    """Return the requests known under the keys `{key}:…`, as they came, but the first `skip`."""
    query = (
        select(RequestKey.request_id)
        .where(RequestKey.idempotency_key.startswith(f"{key}:", autoescape=True))
        .order_by(RequestKey.created_at, RequestKey.idempotency_key)
        .offset(skip)
        .limit(limit)
    )
    with unit_of_work(settings) as session:
        return [str(task_id) for task_id in session.scalars(query)]


def drop_run_key(settings: PostgresSettings, run_id: str) -> str | None:
    """Give up a run's own key of a request that other runs asked for too.

    Keys that callers gave say nothing of who still wants the request: several runs may have been
    given the same one. They stay, and go on finding it.

    Returns the task_id where no other run has asked, the key is then kept; None otherwise.
    """
    with unit_of_work(settings) as session:
        row = session.get(RequestKey, run_key(run_id))
        if row is None:
            return None
        # Two runs that leave at once: the second waits here, and sees that it is the last.
        session.get(AnalysisRequest, row.request_id, with_for_update=True)
        others = select(RequestKey.idempotency_key).where(
            RequestKey.request_id == row.request_id,
            RequestKey.idempotency_key.startswith(RUN_KEY, autoescape=True),
            RequestKey.idempotency_key != row.idempotency_key,
        )
        if session.scalar(others.limit(1)) is None:
            return str(row.request_id)
        session.delete(row)
        return None


def _known(session: Session, key: str, spec: dict[str, Any] | None) -> Acceptance | None:
    row = session.get(RequestKey, key, populate_existing=True)
    if row is None:
        return None
    if spec is not None:
        _check_same(row, spec)
    request = session.get_one(AnalysisRequest, row.request_id)
    joined = _joined(request.spec, row.spec) if row.spec is not None else ()
    return Acceptance(str(request.id), str(request.product_id), created=False, differences=joined)


def _check_same(row: RequestKey, spec: dict[str, Any]) -> None:
    if row.spec is not None:
        found = differences(row.spec, spec)
    else:
        # Written by a release that remembered no more than this.
        found = differences({"location": row.location}, {"location": spec["location"]})
    if found:
        key = row.idempotency_key
        raise InvalidRequest(
            f"idempotency key {key!r} belongs to another request: {told_as_change(found)}"
        )


def _joined(present: dict[str, Any], asked: dict[str, Any]) -> tuple[Difference, ...]:
    # It is the same product, so another location is the same one spelt otherwise.
    return tuple(each for each in differences(present, asked) if each.field != "location")


def _insert_or_share(session: Session, product_id: UUID, spec: dict[str, Any]) -> Acceptance:
    task_id = uuid4()
    statement = insert(AnalysisRequest).values(id=task_id, product_id=product_id, spec=spec)
    if session.execute(statement.on_conflict_do_nothing().returning(AnalysisRequest.id)).first():
        data = {"product_id": str(product_id), "location": spec["location"]}
        add_event(session, "analysis", str(task_id), str(RequestStatus.REQUESTED), data)
        return Acceptance(str(task_id), str(product_id), created=True)
    query = select(AnalysisRequest.id, AnalysisRequest.spec).where(
        AnalysisRequest.product_id == product_id, AnalysisRequest.status.in_(ACTIVE)
    )
    active = session.execute(query).first()
    if active is None:
        raise _Overtaken
    if bool(active.spec.get("stored")) != bool(spec.get("stored")):
        way = "re-analysed from its stored reviews" if active.spec.get("stored") else "read anew"
        raise ProductBusy(f"the product is being {way}, by analysis {active.id}")
    joined = _joined(active.spec, spec)
    return Acceptance(str(active.id), str(product_id), created=False, differences=joined)


def _remember(session: Session, key: str, task_id: str, spec: dict[str, Any]) -> None:
    statement = insert(RequestKey).values(
        idempotency_key=key,
        request_id=UUID(task_id),
        location=spec["location"],
        spec=canonical(spec),
    )
    if session.execute(statement.on_conflict_do_nothing().returning(RequestKey.request_id)).first():
        return
    raise _Overtaken
