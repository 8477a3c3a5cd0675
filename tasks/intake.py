"""Intake: a request is accepted once, and its work is laid out."""

from __future__ import annotations

from typing import Any

from domain.errors import InvalidRequest
from settings import get_settings
from sources.base import SourceSpec
from sources.registry import open_source
from storage.mongo.crawl_jobs import open_analysis
from storage.postgres.acceptance import Acceptance, accept_request, drop_run_key
from storage.postgres.requests import RequestRow, get_request
from tasks.analyzers import current_model
from tasks.endings import finish_endings
from tasks.reanalysis import first_coverage
from tasks.retries import retryable

MAX_LOCATION_CHARS = 2000


@retryable("accept request")
def accept(spec_state: dict[str, Any], idempotency_key: str | None, run_id: str) -> Acceptance:
    """Accept a request for a run, or find the one that answers it.

    Raises:
        InvalidRequest: the location is empty or too long, or the key belongs to other words.
    """
    settings = get_settings()
    spec = SourceSpec.from_state(spec_state)
    if not 1 <= len(spec.location.strip()) <= MAX_LOCATION_CHARS:
        raise InvalidRequest(f"a location has 1 to {MAX_LOCATION_CHARS} characters")
    identity = open_source(spec, settings.crawl).identity
    return accept_request(
        settings.postgres,
        source=identity.source,
        external_key=identity.external_key,
        name=identity.provisional_name,
        spec=spec.to_state(),
        idempotency_key=idempotency_key,
        run_id=run_id,
    )


@retryable("lay out work")
def lay_out(task_id: str) -> None:
    """Make the crawl job and the session of an accepted request; what is there stays.

    Raises:
        RequestNotFound: there is no such request.
    """
    settings = get_settings()
    request = get_request(settings.postgres, task_id)
    if not request.terminal:
        finish_endings(settings, request.product_id, but=task_id)
        first = first_coverage(settings, request)
        # Chosen here and once: whoever lays out again finds the session as it is.
        open_analysis(settings.mongo, task_id, request.product_id, first, model=current_model())


def request_state(task_id: str) -> RequestRow:
    """Return the request as it stands.

    Raises:
        RequestNotFound: there is none with this id.
    """
    return get_request(get_settings().postgres, task_id)


def leave_request(run_id: str) -> str | None:
    """Take a run off its request; return the task_id if no other run asked for it, else None."""
    return drop_run_key(get_settings().postgres, run_id)
