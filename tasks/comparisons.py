"""Results side by side: those that a reader names, or a product's own and the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.comparison import compare
from settings import Settings
from storage.postgres.results import task_before
from tasks.documents import result_document


def comparison_of(settings: Settings, task_ids: Sequence[str]) -> dict[str, Any]:
    """Return the comparison of the results of these analyses.

    Raises:
        RequestNotFound: one of them has no result.
        InvalidRequest: fewer than two, too many, or the same one twice.
    """
    return compare([result_document(settings, task_id) for task_id in task_ids])


def since_before(settings: Settings, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a result's comparison with the one its product had before; None of the first."""
    before = task_before(settings.postgres, document["task_id"], document["product_id"])
    return None if before is None else compare([result_document(settings, before), document])
