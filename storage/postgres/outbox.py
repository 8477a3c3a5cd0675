"""The outbox: events are written with the change and leave in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from domain.events import Event
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import OutboxEvent

#: One relay at a time keeps each aggregate's events in order; others find nothing to do.
_RELAY_LOCK = 0x45_43_6F_78


def add_event(
    session: Session, aggregate: str, aggregate_id: str, type_: str, data: dict[str, Any]
) -> None:
    """Write an event in the caller's transaction."""
    row = OutboxEvent(aggregate=aggregate, aggregate_id=aggregate_id, type=type_, data=data)
    session.add(row)


def relay_batch(
    settings: PostgresSettings, publish: Callable[[Sequence[Event]], None], *, limit: int = 500
) -> int:
    """Publish the oldest unpublished events and mark them; return how many.

    `publish` must return only when all are acknowledged. At least once: a crash between the
    two sends them again, and consumers know an event by its id.
    """
    with unit_of_work(settings) as session:
        locked = session.scalar(select(func.pg_try_advisory_xact_lock(_RELAY_LOCK)))
        if not locked:
            return 0
        query = (
            select(OutboxEvent)
            .where(OutboxEvent.published_at.is_(None))
            .order_by(OutboxEvent.id)
            .limit(limit)
        )
        rows = session.scalars(query).all()
        if not rows:
            return 0
        publish([_to_event(row) for row in rows])
        ids = [row.id for row in rows]
        mark = update(OutboxEvent).where(OutboxEvent.id.in_(ids))
        session.execute(mark.values(published_at=text("now()")))
        return len(rows)


def backlog(settings: PostgresSettings) -> int:
    """Return how many events wait."""
    with unit_of_work(settings) as session:
        query = select(func.count()).where(OutboxEvent.published_at.is_(None))
        return session.scalar(query.select_from(OutboxEvent)) or 0


def _to_event(row: OutboxEvent) -> Event:
    return Event(row.event_id, row.aggregate, row.aggregate_id, row.type, row.data, row.occurred_at)
