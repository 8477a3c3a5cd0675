"""Quarantine: records that are no reviews, kept whole but for personal data, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.client_session import ClientSession

from domain.rejections import Rejected
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import QUARANTINE

#: A document may have 16 MB; a longer record is cut and says so.
MAX_RECORD_CHARS = 2_000_000


def quarantine(
    settings: MongoSettings,
    session: ClientSession,
    *,
    task_id: str,
    product_id: str,
    batch: int,
    rejected: Sequence[Rejected],
) -> None:
    """Keep records in the caller's transaction; the same batch again would be the same ids."""
    if not rejected:
        return
    now = datetime.now(UTC)
    rows = [
        {
            "_id": f"{task_id}:{batch:06d}:{index:05d}",
            "task_id": task_id,
            "product_id": product_id,
            "reason": str(record.reason),
            "message": _safe(record.message),
            "where": _safe(record.where),
            **_as_json(record.record),
            "quarantined_at": now,
        }
        for index, record in enumerate(rejected)
    ]
    database_for(settings)[QUARANTINE].insert_many(rows, ordered=False, session=session)


def _as_json(record: Any) -> Document:
    """Return the record as JSON text: any key, NUL or lone surrogate survives as an escape."""
    text = json.dumps(record, ensure_ascii=True, default=str)
    return {"record": text[:MAX_RECORD_CHARS], "record_cut": len(text) > MAX_RECORD_CHARS}


def _safe(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def quarantined(
    settings: MongoSettings, task_id: str, *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the records kept of a task, in the order they came."""
    low, high = f"{task_id}:", f"{task_id};"
    with translated():
        rows = database_for(settings)[QUARANTINE].find({"_id": {"$gte": low, "$lt": high}})
        for row in rows.sort("_id", 1).limit(limit or 0):
            yield {key: row[key] for key in ("reason", "message", "where", "record")}
