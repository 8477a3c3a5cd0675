"""One idempotent command that brings every store to its newest form."""

from __future__ import annotations

from settings.models import Settings
from storage.kafka.publisher import close_producers
from storage.mongo import client as mongo_client
from storage.mongo import collections
from storage.postgres import engine, schema
from storage.redis import client as redis_client


def setup_stores(settings: Settings) -> None:
    """Create or upgrade tables, collections, validators and indexes."""
    schema.upgrade(settings.postgres)
    collections.setup(settings.mongo)


def close_stores() -> None:
    """Forget this process's connections; the next use opens new ones."""
    engine.dispose_engines()
    mongo_client.close_clients()
    redis_client.close_clients()
    close_producers()
