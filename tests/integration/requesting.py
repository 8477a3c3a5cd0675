"""Requests as intake makes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from domain.requests import RequestStatus
from settings import Settings
from storage.postgres.acceptance import Acceptance, accept_request
from storage.postgres.engine import unit_of_work
from storage.postgres.results import save_result


def spec(location: str = "https://shop/1", **words: object) -> dict[str, Any]:
    """Return a request's words as intake hands them over."""
    empty = dict.fromkeys(("columns", "rating_max", "encoding", "max_reviews"))
    return {"location": location, **empty, **words}


def accept(
    settings: Settings,
    location: str = "https://shop/1",
    key: str | None = None,
    run_id: str | None = None,
    **words: object,
) -> Acceptance:
    return accept_request(
        settings.postgres,
        source="shop",
        external_key=location,
        name="이어폰",
        spec=spec(location, **words),
        idempotency_key=key,
        run_id=run_id,
    )


def complete(
    settings: Settings, accepted: Acceptance, status: RequestStatus = RequestStatus.COMPLETED
) -> bool:
    """End a request with a result, as finalising does; the numbers do not matter here."""
    return save_result(
        settings.postgres,
        task_id=accepted.task_id,
        product_id=accepted.product_id,
        status=status,
        analyzer_version="v",
        numbers={},
        coverage={},
    )


def events(settings: Settings) -> list[str]:
    with unit_of_work(settings.postgres) as session:
        return list(session.scalars(text("SELECT type FROM outbox ORDER BY id")))
