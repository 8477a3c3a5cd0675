"""An adaptation as a table: figures before and after, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.adaptation import OUTCOMES, before_column, change_line, figure_rows, review_rows

_GOOD = frozenset({"better", "promoted"})


def draw_adaptation(found: Mapping[str, Any]) -> RenderableType:
    """Return the outcome, why, and the figures."""
    style = "bold green" if found["outcome"] in _GOOD else "bold yellow"
    parts: list[RenderableType] = [Text(OUTCOMES[found["outcome"]], style=style)]
    parts += [Text(f"  {why}") for why in found["why"]]
    parts += [Text(f"  {note}", "yellow") for note in found["notes"]]
    rows = list(figure_rows(found))
    if rows:
        parts += [
            "",
            _figures(rows, before_column(found)),
            Text(f"held-back reviews: {change_line(found)}", "dim"),
        ]
    parts += ["", _reviews(found)]
    return Group(*parts)


def _figures(rows: list[tuple[str, str, str, str]], before: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("on", "figure"):
        table.add_column(name)
    for name in (before, "adapted"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*row)
    return table


def _reviews(found: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_row("in force before", found["in_force"] or f"{found['shipped']} (shipped)")
    if found["model"]:
        table.add_row("adapted", f"{found['model']}, pull {found['pull']:g}")
    for name, told in review_rows(found["reviews"]):
        table.add_row(f"reviews {name}", told)
    return table
