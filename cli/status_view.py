"""Analyses as a table, and one of them in detail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table

from cli.progress_view import of_total, status_text
from cli.rates import clock
from cli.task_ids import short
from reports.text import visible

if TYPE_CHECKING:
    from storage.postgres.requests import RequestRow
    from tasks.progress import Progress

#: What of the progress a program gets.
COUNTS = (
    *("expected", "estimated", "collected", "queued"),
    *("cards", "failures", "quarantined", "pages"),
)


def as_document(request: RequestRow, progress: Progress | None) -> dict[str, Any]:
    """Return an analysis for a program; without progress the counts are left away."""
    document: dict[str, Any] = {
        "task_id": request.task_id,
        "product_id": request.product_id,
        "status": str(request.status),
        "location": request.spec["location"],
        "stored": bool(request.spec.get("stored")),
        "requested_at": request.requested_at.isoformat(),
        "finished_at": request.finished_at.isoformat() if request.finished_at else None,
        "error_code": request.error_code,
        "error_message": request.error_message,
    }
    if progress is not None:
        document |= {name: getattr(progress, name) for name in COUNTS}
    return document


def draw_requests(requests: Iterable[RequestRow]) -> Table:
    """Return the table of analyses, a row each."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("task", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("requested (UTC)", no_wrap=True)
    table.add_column("took", justify="right", no_wrap=True)
    table.add_column("source", overflow="ellipsis", no_wrap=True)
    for request in requests:
        table.add_row(
            short(request.task_id),
            status_text(str(request.status)),
            f"{request.requested_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            took(request),
            visible(request.spec["location"], 200) + _again(request),
        )
    return table


def _again(request: RequestRow) -> str:
    return "  (re-analysis)" if request.spec.get("stored") else ""


def took(request: RequestRow) -> str:
    """Return how long an analysis took, or has been going on."""
    end = request.finished_at or datetime.now(UTC)
    return clock(max(0.0, (end - request.requested_at).total_seconds()))


def draw_request(request: RequestRow, progress: Progress) -> Table:
    """Return one analysis in detail."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("task", request.task_id)
    table.add_row("status", status_text(str(request.status)))
    table.add_row("source", visible(request.spec["location"], 500))
    if request.spec.get("stored"):
        table.add_row("reads", "the stored reviews of its product's result: a re-analysis")
    table.add_row("requested", f"{request.requested_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("took", took(request))
    table.add_row("collected", f"{progress.collected:,}{of_total(progress)}")
    table.add_row("cards", f"{progress.cards:,}")
    table.add_row("without a card", f"{progress.failures:,}")
    table.add_row("in quarantine", f"{progress.quarantined:,}")
    table.add_row("pages or batches", f"{progress.pages:,}")
    if request.error_code:
        table.add_row("error", f"{request.error_code}: {visible(request.error_message, 1000)}")
    return table
