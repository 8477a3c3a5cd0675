"""The invariant check, with its progress on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.console import progress_console
from tasks.invariants import Finding, check_analysis

if TYPE_CHECKING:
    from settings import Settings


def find(settings: Settings, task_id: str) -> list[Finding]:
    """Check the invariants of an analysis, showing how far it is.

    Raises:
        RequestNotFound: there is no such task.
    """
    with progress_console().status("checking …") as status:
        return check_analysis(
            settings, task_id, lambda seen: status.update(f"checking … {seen:,} outcomes")
        )


def all_hold(findings: list[Finding]) -> bool:
    """Whether every invariant was found to hold."""
    return all(finding.ok for finding in findings)
