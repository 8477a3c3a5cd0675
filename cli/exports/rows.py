"""Stored documents as rows of a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.emotions import EMOTIONS

Row = dict[str, Any]

#: Columns of a CSV file of cards; lists and spans stand as JSON in their cell.
CARD_COLUMNS: tuple[str, ...] = (
    "card_id",
    "review_id",
    "kind",
    "primary_emotion",
    "polarity",
    "intensity",
    "rating",
    "reviewed_at",
    "language",
    "headline",
    "aspects",
    "keywords",
    "flags",
    *(f"emotion_{emotion}" for emotion in EMOTIONS),
    "failure_reason",
    "failure_message",
    "content_hash",
    "analyzer_version",
    "created_at",
    "product_id",
    "task_id",
)
QUARANTINE_COLUMNS: tuple[str, ...] = ("reason", "message", "where", "record")


def named(document: Mapping[str, Any]) -> Row:
    """Return a stored card or failure record with its id under its own name."""
    return {"card_id": document["_id"]} | {k: v for k, v in document.items() if k != "_id"}


def flat(row: Mapping[str, Any]) -> Row:
    """Return a row with one value a column: scores and the failure spread, the rest as JSON."""
    spread = {f"emotion_{each['label']}": each["score"] for each in row.get("emotions") or ()}
    failure = row.get("failure") or {}
    spread |= {f"failure_{name}": value for name, value in failure.items()}
    cells = {k: v for k, v in row.items() if k not in {"emotions", "failure"}}
    return {name: _cell(value) for name, value in (cells | spread).items()}


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
