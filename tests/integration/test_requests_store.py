"""Requests in PostgreSQL: moved legally, every move an event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from requesting import accept, complete, events
from sqlalchemy import text

from domain.errors import (
    IllegalMove,
    InvalidRequest,
    RequestCancelled,
    RequestNotFound,
    StoreRejected,
    StoreUnavailable,
)
from domain.requests import LEGAL_MOVES, RequestStatus
from settings import Settings
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import Base
from storage.postgres.requests import get_request, move_request
from storage.postgres.schema import downgrade, upgrade


def test_moves_follow_the_table_and_are_events(settings: Settings) -> None:
    accepted = accept(settings)
    task_id = accepted.task_id
    for target in ("crawling", "analyzing", "finalizing"):
        assert move_request(settings.postgres, task_id, RequestStatus(target))
        assert not move_request(settings.postgres, task_id, RequestStatus(target))
    assert complete(settings, accepted)
    assert not complete(settings, accepted)
    assert events(settings) == ["requested", "crawling", "analyzing", "finalizing", "completed"]
    assert get_request(settings.postgres, task_id).finished_at is not None
    # A stage that runs again finds the request further on.
    assert not move_request(settings.postgres, task_id, RequestStatus.CRAWLING)
    with pytest.raises(IllegalMove):
        move_request(settings.postgres, task_id, RequestStatus.FAILED, error=("x", "y"))


def test_a_cancelled_request_says_so(settings: Settings) -> None:
    task_id = accept(settings).task_id
    move_request(settings.postgres, task_id, RequestStatus.CANCELLED)
    with pytest.raises(RequestCancelled):
        move_request(settings.postgres, task_id, RequestStatus.CRAWLING)


def test_one_of_many_racing_moves_wins(settings: Settings) -> None:
    task_id = accept(settings).task_id
    with ThreadPoolExecutor(8) as pool:
        won = list(
            pool.map(
                lambda _: move_request(settings.postgres, task_id, RequestStatus.CRAWLING),
                range(24),
            )
        )
    assert sum(won) == 1


@pytest.mark.parametrize("start", list(RequestStatus))
def test_the_database_itself_refuses_illegal_moves(settings: Settings, start: str) -> None:
    accepted = accept(settings)
    task_id = accepted.task_id
    path = {
        "requested": [],
        "crawling": ["crawling"],
        "analyzing": ["crawling", "analyzing"],
        "finalizing": ["crawling", "analyzing", "finalizing"],
        "completed": ["crawling", "analyzing", "finalizing"],
        "partial": ["crawling", "analyzing", "finalizing"],
        "failed": ["failed"],
        "cancelled": ["cancelled"],
    }[start]
    statement = text(
        "UPDATE analysis_requests SET status = :to, "
        "error_code = CASE WHEN :to = 'failed' THEN 'x' END WHERE id = :id"
    )
    for step in path:
        with unit_of_work(settings.postgres) as session:
            session.execute(statement, {"to": step, "id": task_id})
    if start in ("completed", "partial"):
        complete(settings, accepted, RequestStatus(start))
    for target in set(RequestStatus) - LEGAL_MOVES[RequestStatus(start)] - {RequestStatus(start)}:
        with (
            pytest.raises(StoreRejected, match="cannot move"),
            unit_of_work(settings.postgres) as session,
        ):
            session.execute(statement, {"to": str(target), "id": task_id})


def test_unknown_tasks_are_named(settings: Settings) -> None:
    with pytest.raises(RequestNotFound, match="not a task_id"):
        get_request(settings.postgres, "nonsense")
    with pytest.raises(RequestNotFound, match="no request"):
        get_request(settings.postgres, "00000000-0000-0000-0000-000000000000")


def test_no_server_is_unavailable() -> None:
    nowhere = PostgresSettings.model_validate(
        {"dsn": "postgresql://nobody@127.0.0.1:9/none", "connect_timeout": 2}
    )
    with pytest.raises(StoreUnavailable), unit_of_work(nowhere) as session:
        session.execute(text("SELECT 1"))


def test_missing_tables_are_told(settings: Settings) -> None:
    downgrade(settings.postgres, "base")
    with pytest.raises(StoreRejected, match="cards up"):
        get_request(settings.postgres, "00000000-0000-0000-0000-000000000000")
    upgrade(settings.postgres)
    upgrade(settings.postgres)


def test_an_address_that_cannot_be_read_is_told() -> None:
    odd = PostgresSettings.model_validate({"dsn": "postgresql://a:1,b:2/db"})
    with pytest.raises(InvalidRequest, match="host=a:5432"), unit_of_work(odd):
        pass


def test_models_and_migrations_agree(settings: Settings) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with unit_of_work(settings.postgres) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        drift = compare_metadata(context, Base.metadata)
    # Partitions are made by migrations and upkeep, not modelled.
    assert [change for change in drift if "price_history_" not in str(change)] == []
