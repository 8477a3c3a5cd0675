"""Results: written once with the request's last move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert

from domain.errors import RequestNotFound
from domain.requests import RequestStatus
from domain.results import RESULT_SCHEMA
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisResult
from storage.postgres.requests import move_in

#: The newest result first; a product's requests come one after the other, and so do these.
_NEWEST = (AnalysisResult.created_at.desc(), AnalysisResult.request_id.desc())


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


def current_task(settings: PostgresSettings, product_id: str) -> str | None:
    """Return the analysis whose result is the product's current one; None where it has none.

    The one place that says which of a product's results counts: the newest. A result is written
    once and whole, in the transaction that ends its request, so that readers go over from one
    to the next at once.
    """
    query = (
        select(AnalysisResult.request_id)
        .where(AnalysisResult.product_id == UUID(product_id))
        .order_by(*_NEWEST)
        .limit(1)
    )
    with unit_of_work(settings) as session:
        found = session.scalar(query)
        return None if found is None else str(found)


def current_tasks(settings: PostgresSettings, product_ids: Sequence[str]) -> dict[str, str]:
    """Return the current analysis of each of the products that has one, as `current_task`."""
    query = (
        select(AnalysisResult.product_id, AnalysisResult.request_id)
        .ext(distinct_on(AnalysisResult.product_id))
        .where(AnalysisResult.product_id.in_([UUID(each) for each in product_ids]))
        .order_by(AnalysisResult.product_id, *_NEWEST)
    )
    with unit_of_work(settings) as session:
        return {str(product_id): str(task_id) for product_id, task_id in session.execute(query)}


def task_before(settings: PostgresSettings, task_id: str, product_id: str) -> str | None:
    """Return the analysis whose result was the product's current one before; None of the first."""
    own = select(AnalysisResult.created_at, AnalysisResult.request_id)
    this = own.where(AnalysisResult.request_id == UUID(task_id)).subquery()
    query = (
        select(AnalysisResult.request_id)
        .where(AnalysisResult.product_id == UUID(product_id))
        .where(
            tuple_(AnalysisResult.created_at, AnalysisResult.request_id)
            < tuple_(this.c.created_at, this.c.request_id)
        )
        .order_by(*_NEWEST)
        .limit(1)
    )
    with unit_of_work(settings) as session:
        found = session.scalar(query)
        return None if found is None else str(found)


def products_with_result(
    settings: PostgresSettings, *, but_version: str | None, after: str | None, limit: int
) -> list[str]:
    """Return products that have a result, by id, from behind `after`.

    With `but_version` only those whose current result was made by another analyzer version.
    """
    newest = (
        select(AnalysisResult.product_id, AnalysisResult.analyzer_version)
        .ext(distinct_on(AnalysisResult.product_id))
        .order_by(AnalysisResult.product_id, *_NEWEST)
    )
    if after is not None:
        newest = newest.where(AnalysisResult.product_id > UUID(after))
    current = newest.subquery()
    query = select(current.c.product_id).order_by(current.c.product_id).limit(limit)
    if but_version is not None:
        query = query.where(current.c.analyzer_version != but_version)
    with unit_of_work(settings) as session:
        return [str(product_id) for product_id in session.scalars(query)]
