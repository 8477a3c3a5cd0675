"""Live progress: a hash a task, and a channel that wakes its viewers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from settings.models import RedisSettings
from storage.redis import keys
from storage.redis.client import client_for, translated


def write_progress(settings: RedisSettings, task_id: str, progress: dict[str, Any]) -> None:
    """Write how a task stands and wake its viewers; one round trip.

    Raises:
        StoreUnavailable: Redis is away; the caller goes on, for MongoDB has the truth.
    """
    key = keys.analysis_progress(settings.environment, task_id)
    fields: dict[Any, Any] = {name: json.dumps(value) for name, value in progress.items()}
    with translated():
        pipeline = client_for(settings).pipeline(transaction=False)
        pipeline.hset(key, mapping=fields)
        pipeline.expire(key, keys.PROGRESS_TTL)
        pipeline.publish(keys.progress_channel(settings.environment, task_id), "changed")
        pipeline.execute()


def read_progress(settings: RedisSettings, task_id: str) -> dict[str, Any] | None:
    """Return how a task stands; None where Redis has nothing of it."""
    with translated():
        fields: dict[str, str] = client_for(settings).hgetall(  # type: ignore[assignment]
            keys.analysis_progress(settings.environment, task_id)
        )
    return {name: json.loads(value) for name, value in fields.items()} or None


def wakeups(settings: RedisSettings, task_id: str, *, every: float) -> Iterator[None]:
    """Yield whenever the task's progress changed, and at least each `every` seconds."""
    channel = keys.progress_channel(settings.environment, task_id)
    client = client_for(settings)
    with translated(), client.pubsub(ignore_subscribe_messages=True) as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(channel)
        while True:
            listener.get_message(timeout=every)
            yield
