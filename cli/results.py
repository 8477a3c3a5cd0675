"""The result of an ended analysis, fetched for showing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.failures import AnalysisFailed
from domain.errors import EmotionCardsError, RequestCancelled, RequestNotFound
from domain.requests import RequestStatus
from reports.files import report_name, write_report
from storage.postgres.requests import RequestRow, get_request
from tasks.documents import result_document

if TYPE_CHECKING:
    from settings import Settings


def ended_result(settings: Settings, task_id: str) -> tuple[dict[str, Any], Path]:
    """Return the result's document and its report.

    Raises:
        RequestNotFound: no such task, or it has not ended.
        RequestCancelled: it was cancelled.
        AnalysisFailed: it failed; why.
        StoreUnavailable: PostgreSQL is away.
    """
    must_have_result(get_request(settings.postgres, task_id))
    document = result_document(settings, task_id)
    return document, report_of(settings, document)


def must_have_result(request: RequestRow) -> None:
    """Check that an analysis ended with a result.

    Raises:
        RequestNotFound, RequestCancelled, AnalysisFailed: it did not; as `ended_result`.
    """
    if request.status is RequestStatus.FAILED:
        code, message = request.error_code or "", request.error_message or ""
        raise AnalysisFailed(EmotionCardsError.from_code(code, message))
    if request.status is RequestStatus.CANCELLED:
        raise RequestCancelled(f"analysis {request.task_id} was cancelled")
    if not request.terminal:
        message = f"analysis {request.task_id} has no result yet: it is {request.status}"
        raise RequestNotFound(message)


def report_of(settings: Settings, document: dict[str, Any]) -> Path:
    """Return the path of the result's report; one that is not there is written."""
    path = settings.reports_dir / report_name(document["task_id"])
    if not path.exists():
        from tasks.report_pages import report_page

        html = report_page(settings, document)
        return write_report(html, settings.reports_dir, document["task_id"])
    return path
