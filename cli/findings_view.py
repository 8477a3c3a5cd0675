"""Findings of the invariant check as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from reports.text import visible

if TYPE_CHECKING:
    from tasks.invariants import Finding


def draw_findings(findings: Iterable[Finding]) -> Table:
    """Return the table: a row an invariant, and samples where it does not hold."""
    table = Table(title="Invariants", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("invariant", overflow="fold")
    table.add_column("found", overflow="fold")
    for finding in findings:
        sign = Text("✓", style="green") if finding.ok else Text("✗", style="bold red")
        found = [finding.detail, *(visible(sample, 100) for sample in finding.samples)]
        table.add_row(sign, f"{finding.invariant}  {finding.title}", Text("\n".join(found)))
    return table
