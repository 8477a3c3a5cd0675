"""Events to Kafka: one producer a process, a batch acknowledged as a whole."""

from __future__ import annotations

import json
from collections.abc import Sequence

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from domain.errors import StoreUnavailable
from domain.events import Event
from settings.models import KafkaSettings
from storage.connections import ClientCache


def _drop(producer: Producer) -> None:
    """Forget what is still under way: the outbox has it."""
    producer.purge()
    producer.flush(1)


_producers: ClientCache[Producer] = ClientCache(_drop)


def _producer(bootstrap: str, timeout: float) -> Producer:
    return Producer(
        {
            "bootstrap.servers": bootstrap,
            "client.id": "emotion-cards",
            "enable.idempotence": True,
            "message.timeout.ms": round(timeout * 1000),
            "linger.ms": 5,
            # Its own log lines would go to stderr; what matters comes back as an error.
            "log_level": 0,
        }
    )


def publish(settings: KafkaSettings, events: Sequence[Event]) -> None:
    """Send events in order and wait until all are acknowledged.

    Topic `{prefix}.{aggregate}`, key = aggregate id, value = CloudEvents JSON.

    Raises:
        StoreUnavailable: not all were acknowledged; send the batch again.
    """
    if settings.bootstrap is None:
        message = "no Kafka: start the platform with `cards up`, or set EC_KAFKA__BOOTSTRAP"
        raise StoreUnavailable(message)
    key = (settings.bootstrap, settings.timeout)
    producer = _producers.get(key, lambda: _producer(*key))
    refused: list[str] = []

    def note(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            refused.append(error.str())

    try:
        for event in events:
            producer.produce(
                f"{settings.topic_prefix}.{event.aggregate}",
                key=event.aggregate_id.encode(),
                value=json.dumps(event.to_cloudevent(), ensure_ascii=False).encode(),
                headers={"content-type": "application/cloudevents+json"},
                on_delivery=note,
            )
        left = producer.flush(settings.timeout)
    except (KafkaException, BufferError) as error:
        raise StoreUnavailable(f"Kafka: {error}") from error
    if left or refused:
        # What is still under way must not be delivered behind a later batch.
        close_producers()
        why = refused[0] if refused else f"{left} events not acknowledged in time"
        raise StoreUnavailable(f"Kafka: {why}")


def close_producers() -> None:
    """Forget this process's producers (before the broker stops)."""
    _producers.close_all()
