"""The reviews of a finished analysis, chunk after chunk, from where a reader stands."""

from __future__ import annotations

from dataclasses import dataclass

from pymongo import ASCENDING

from settings.models import MongoSettings
from storage.mongo.card_jobs import KIND
from storage.mongo.client import database_for, translated
from storage.mongo.collections import ANALYSIS_QUEUE


@dataclass(frozen=True, slots=True)
class ScopeChunk:
    """The reviews of one chunk, and the position of its first."""

    start: int
    review_ids: tuple[str, ...]


def scope_chunk(settings: MongoSettings, task_id: str, start: int) -> ScopeChunk | None:
    """Return the first chunk that begins at position `start` or behind; None where none does.

    One query a chunk, no cursor held open: a reader may take its time between two of them.
    """
    where = {
        "task_id": task_id,
        "kind": KIND,
        "state": {"$in": ["done", "dead"]},
        "seq": {"$gte": start},
    }
    queue = database_for(settings)[ANALYSIS_QUEUE]
    with translated():
        job = queue.find_one(where, {"seq": 1, "review_ids": 1}, sort=[("seq", ASCENDING)])
    return None if job is None else ScopeChunk(job["seq"], tuple(job["review_ids"]))
