"""Results: written once with the request's last move."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from domain.errors import RequestNotFound
from domain.requests import RequestStatus
from domain.results import RESULT_SCHEMA
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisResult
from storage.postgres.requests import move_in


def save_result(
    settings: PostgresSettings,
    *,
    task_id: str,
    product_id: str,
    status: RequestStatus,
    analyzer_version: str,
    numbers: dict[str, Any],
    coverage: dict[str, Any],
) -> bool:
    """Write the result and end the request in one transaction; False where it has ended so.

    Raises:
        RequestCancelled, IllegalMove: the request has ended otherwise; nothing is written.
    """
    with unit_of_work(settings) as session:
        row = {
            "request_id": UUID(task_id),
            "product_id": UUID(product_id),
            "schema_version": RESULT_SCHEMA,
            "analyzer_version": analyzer_version,
            "numbers": numbers,
            "coverage": coverage,
        }
        session.execute(insert(AnalysisResult).values(**row).on_conflict_do_nothing())
        return move_in(session, task_id, status)


def get_result(settings: PostgresSettings, task_id: str) -> dict[str, Any]:
    """Return the result's row as a document.

    Raises:
        RequestNotFound: the request has no result.
    """
    query = select(AnalysisResult).where(AnalysisResult.request_id == UUID(task_id))
    with unit_of_work(settings) as session:
        row = session.scalars(query).first()
        if row is None:
            raise RequestNotFound(f"request {task_id} has no result")
        return {
            "task_id": task_id,
            "product_id": str(row.product_id),
            "schema_version": row.schema_version,
            "analyzer_version": row.analyzer_version,
            "created_at": row.created_at.isoformat(),
            "numbers": row.numbers,
            "coverage": row.coverage,
        }


def is_latest(settings: PostgresSettings, task_id: str, product_id: str) -> bool:
    """Return whether the result is the newest of its product."""
    query = (
        select(AnalysisResult.request_id)
        .where(AnalysisResult.product_id == UUID(product_id))
        .order_by(AnalysisResult.created_at.desc())
        .limit(1)
    )
    with unit_of_work(settings) as session:
        return session.scalar(query) == UUID(task_id)
