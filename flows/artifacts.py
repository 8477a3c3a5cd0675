"""What a run shows in the Prefect UI."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from urllib.parse import quote
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)

from reports.markdown import render_markdown
from settings import Settings
from tasks.documents import result_document
from tasks.progress import Progress


class ProgressArtifact:
    """A progress bar of one task; made at the first value, then moved."""

    def __init__(self, task_id: str) -> None:
        self._task_id = task_id
        self._artifact: UUID | None = None
        self._shown = -1.0

    def show(self, progress: Progress) -> None:
        """Show the share of reviews that have their outcome, if it changed by a percent."""
        percent = 100.0 * progress.outcomes / progress.expected if progress.expected else 0.0
        percent = round(min(percent, 100.0), 1)
        if percent - self._shown < 1.0 and percent != 100.0:
            return
        self._shown = percent
        total = f"{progress.expected:,}" if progress.expected else "?"
        total = f"≈ {total}" if progress.estimated else total
        text = f"{progress.outcomes:,} of {total} reviews have their card"
        if self._artifact is None:
            key = f"progress-{self._task_id}"
            created = create_progress_artifact(progress=percent, key=key, description=text)
            # In a flow that is not async Prefect answers with the id itself.
            self._artifact = cast("UUID", created)
        else:
            update_progress_artifact(self._artifact, progress=percent, description=text)


def show_result(settings: Settings, task_id: str, report: str) -> None:
    """Show the result's tables, and a link to its report."""
    link = report_link(settings, report)
    shown = report if settings.reports_url is None else link
    document = result_document(settings, task_id) | {"report_path": shown}
    create_markdown_artifact(
        markdown=render_markdown(document),
        key=f"result-{task_id}",
        description=f"Emotion cards of {document['product']['name']}",
    )
    create_link_artifact(link=link, link_text="Report (HTML)", key=f"report-{task_id}")


def show_doubts(task_id: str, signals: dict[str, int]) -> None:
    """Show how many cards carry which sign of doubt; nothing where there is none."""
    if not signals:
        return
    lines = ["| sign of doubt | cards |", "|---|---:|"]
    lines += [f"| {kind} | {count:,} |" for kind, count in signals.items()]
    create_markdown_artifact(
        markdown="\n".join(lines),
        key=f"trust-{task_id}",
        description="Cards that may not be what they seem: signs, not proofs",
    )


def show_missing_keywords(task_id: str, why: str) -> None:
    """Show that a result stands without its keywords, why, and what helps."""
    create_markdown_artifact(
        markdown=f"The result is complete; its keywords are missing: {why}\n\n"
        f"Run the deployment `analyze-keywords` with the task_id `{task_id}`.",
        key=f"keywords-{task_id}",
        description="Keywords could not be found",
    )


def report_link(settings: Settings, report: str) -> str:
    """Return the address of a report where reports are served, that of its file elsewhere."""
    if settings.reports_url is None:
        return Path(report).as_uri()
    return f"{settings.reports_url.rstrip('/')}/{quote(Path(report).name)}"
