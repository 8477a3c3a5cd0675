"""The report of a result, with all that belongs on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.page import render_report
from settings import Settings
from tasks.comparisons import since_before


def report_page(settings: Settings, document: Mapping[str, Any]) -> str:
    """Return the report of a result (`tasks.documents.result_document`) as one HTML document."""
    return render_report(document, earlier=since_before(settings, document))
