"""What is to be compared, as a person types it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.products import task_named
from cli.results import must_have_result
from domain.comparison import MARKS
from domain.errors import InvalidRequest, RequestNotFound
from reports.comparison_page import comparison_name, render_comparison
from reports.files import write_report
from storage.postgres.products import products_called
from storage.postgres.requests import get_request
from storage.postgres.results import current_task
from tasks.comparisons import comparison_of

if TYPE_CHECKING:
    from settings import Settings

_MOST_NAMED = 5


def compared(settings: Settings, typed: Sequence[str]) -> tuple[dict[str, Any], Path]:
    """Return the comparison of what was typed, and the page that was written of it.

    Raises:
        InvalidRequest: fewer than two, too many, the same one twice, or a name of several.
        RequestNotFound: one is not there, or has no result.
        RequestCancelled, AnalysisFailed: one has ended so.
        OSError: the page cannot be written.
        StoreUnavailable: PostgreSQL is away.
    """
    check_number(typed)
    task_ids = [result_named(settings, each) for each in typed]
    for at, task_id in enumerate(task_ids):
        if task_id in task_ids[:at]:
            raise InvalidRequest(_twice(typed[task_ids.index(task_id)], typed[at], task_id))
    for task_id in task_ids:
        must_have_result(get_request(settings.postgres, task_id))
    document = comparison_of(settings, task_ids)
    name = comparison_name([product["task_id"] for product in document["products"]])
    return document, write_report(render_comparison(document), settings.reports_dir, name)


def check_number(typed: Sequence[str]) -> None:
    """Check that there are enough to compare, and not too many, before anything is asked.

    Raises:
        InvalidRequest: there are not.
    """
    if len(typed) < 2:
        error = InvalidRequest(f"one alone cannot be compared: {typed[0][:200]}")
        error.add_note("give two or more: `cards compare A B`; `cards status` lists the analyses")
        raise error
    if len(typed) > len(MARKS):
        raise InvalidRequest(f"at most {len(MARKS)} are compared at once, not {len(typed)}")


def _twice(first: str, second: str, task_id: str) -> str:
    if first == second:
        return f"{first[:200]} is given twice"
    return f"{first[:200]} and {second[:200]} are the same result, {task_id}"


def result_named(settings: Settings, typed: str) -> str:
    """Return the analysis that is meant: as `cards result` takes it, or a product by its name.

    Raises:
        RequestNotFound: nothing is called so, or it has no result.
        InvalidRequest: several are.
    """
    try:
        return task_named(settings, typed)
    except RequestNotFound:
        task_id = _of_name(settings, typed.strip())
        if task_id is None:
            raise
        return task_id


def _of_name(settings: Settings, name: str) -> str | None:
    """Return the current result of the one product called so; None where there is none."""
    found = products_called(settings.postgres, name, limit=_MOST_NAMED + 1) if name else []
    if len(found) > 1:
        names = ", ".join(dict.fromkeys(each[:60] for _, each in found[:_MOST_NAMED]))
        more = " …" if len(found) > _MOST_NAMED else ""
        error = InvalidRequest(f"several products are called {name[:200]!r}: {names}{more}")
        error.add_note("give the product's address or file, or an id from `cards status`")
        raise error
    return current_task(settings.postgres, found[0][0]) if found else None
