"""Live sessions: one a task, open while cards still come."""

from __future__ import annotations

from datetime import UTC, datetime

from settings.models import MongoSettings
from storage.mongo.client import database_for, translated
from storage.mongo.collections import SESSIONS


def close_session(settings: MongoSettings, task_id: str, state: str = "closed") -> None:
    """End the session of a task ("closed" or "cancelled"); an ended one stays as it is."""
    change = {"$set": {"state": state, "ended_at": datetime.now(UTC)}}
    with translated():
        database_for(settings)[SESSIONS].update_one({"_id": task_id, "state": "open"}, change)


def open_sessions(settings: MongoSettings, product_id: str) -> list[str]:
    """Return the tasks of a product whose sessions have not been ended."""
    where = {"product_id": product_id, "state": "open"}
    with translated():
        return [row["_id"] for row in database_for(settings)[SESSIONS].find(where, {"_id": 1})]


def session_open(settings: MongoSettings, task_id: str) -> bool:
    """Return whether the task's session has not been ended."""
    with translated():
        record = database_for(settings)[SESSIONS].find_one({"_id": task_id}, {"state": 1})
    return record is not None and record["state"] == "open"


def session_model(settings: MongoSettings, task_id: str) -> str | None:
    """Return the adapted model that a task was laid out with; None for the shipped one.

    Sessions from before models were adapted say nothing, and have the shipped one.
    """
    with translated():
        record = database_for(settings)[SESSIONS].find_one({"_id": task_id}, {"model": 1})
    return None if record is None else record.get("model")
