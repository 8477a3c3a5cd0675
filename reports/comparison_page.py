"""The page of a comparison: products side by side, without a single outside resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports.comparison import view
from reports.page import rendered

#: Characters of each task id in the page's name.
_SHORT: Final = 8


def render_comparison(comparison: Mapping[str, Any]) -> str:
    """Return the comparison that `domain.comparison.compare` gave as one HTML document.

    Everything in it is taken as foreign text.
    """
    return rendered("comparison.html", {"compared": view(comparison)})


def comparison_name(task_ids: Sequence[str]) -> str:
    """Return what `reports.files` calls the page: the same results in the same order, one name."""
    return "-".join(["compare", *(re.sub(r"\W", "_", each[:_SHORT]) for each in task_ids)])
