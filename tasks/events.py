"""Events: from the outbox to Kafka, in short drains."""

from __future__ import annotations

from settings import get_settings
from storage.kafka.publisher import publish
from storage.postgres.outbox import backlog, relay_batch
from tasks.retries import retryable

#: Most batches one drain sends; a longer backlog is for the next one.
MAX_BATCHES = 100


@retryable("relay events", retries=1)
def relay_events() -> int:
    """Publish what waits in the outbox, oldest first; return how many events.

    Raises:
        StoreUnavailable: Kafka or PostgreSQL is away; the events stay in the outbox.
    """
    settings = get_settings()
    sent = 0
    for _ in range(MAX_BATCHES):
        batch = relay_batch(settings.postgres, lambda events: publish(settings.kafka, events))
        sent += batch
        if batch == 0:
            break
    return sent


def waiting_events() -> int:
    """Return how many events wait in the outbox."""
    return backlog(get_settings().postgres)
