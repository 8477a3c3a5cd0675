"""The demo's closing tables: how fast, and how much memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from reports.text import visible

if TYPE_CHECKING:
    from cli.demo_run import Analysed


def draw_speeds(analyses: Iterable[Analysed]) -> Table:
    """Return the table of how fast each analysis was, from its first page to its result."""
    table = Table(title="Throughput", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("product")
    for name in ("reviews", "seconds", "reviews/s"):
        table.add_column(name, justify="right")
    for analysed in analyses:
        table.add_row(
            visible(analysed.document["product"]["name"], 50),
            f"{analysed.reviews:,}",
            f"{analysed.seconds:.1f}",
            f"{analysed.speed:,.0f}",
        )
    return table


def draw_peaks(peaks: Mapping[str, int]) -> Table:
    """Return the table of the most resident memory each had, in megabytes of 10⁶ bytes."""
    table = Table(title="Peak memory", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("process")
    table.add_column("MB", justify="right")
    for name, size in peaks.items():
        table.add_row(name, f"{size / 1e6:,.0f}")
    return table
