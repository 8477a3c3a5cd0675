"""Events, from the outbox to Kafka."""

from __future__ import annotations

from prefect import flow

from tasks.events import relay_events


@flow(name="relay-events")
def relay_outbox() -> int:
    """Publish the events that wait in the outbox, oldest first.

    Returns:
        How many events were published.
    """
    return relay_events()
