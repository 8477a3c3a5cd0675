"""Stored documents as rows of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.emotions import EMOTIONS

Row = dict[str, Any]

#: In JSON text: a pair of escapes that is one character, one escape, or any other sign escaped.
_ESCAPED = re.compile(
    r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\.", re.IGNORECASE
)
#: What makes a spreadsheet take a text for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

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
    "signals",
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


def readable(row: Mapping[str, Any]) -> Row:
    """Return a quarantined record with its letters as letters.

    It is kept as JSON text in which everything but ASCII is escaped, so that any store takes it;
    what cannot be seen, and half a character, stays so. The text means the same as before.
    """
    return {**row, "record": _ESCAPED.sub(_letter, row["record"])}


def _letter(found: re.Match[str]) -> str:
    high, low, single = found.groups()
    if high:
        letter = chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))
    elif single:
        letter = chr(int(single, 16))
    else:
        return found[0]
    # A quote or a backslash is printable too, and ends the string if it stands bare.
    return letter if letter.isprintable() and not letter.isascii() else found[0]


def guarded(row: Mapping[str, Any]) -> Row:
    """Return a row for CSV in which no text is a formula to a spreadsheet.

    Such a text gets an apostrophe before it, which spreadsheets take as the sign of a text.
    https://owasp.org/www-community/attacks/CSV_Injection; numbers stay numbers.
    """
    return {
        name: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
        for name, cell in row.items()
    }


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
