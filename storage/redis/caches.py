"""Caches of results: dropped by the writer, then warmed."""

from __future__ import annotations

import json
import random
from typing import Any

from settings.models import RedisSettings
from storage.redis import keys
from storage.redis.client import client_for, translated


def drop_product(settings: RedisSettings, product_id: str) -> None:
    """Drop what is cached of a product."""
    environment = settings.environment
    with translated():
        client_for(settings).delete(
            keys.analysis_cache(environment, product_id),
            keys.product_cache(environment, product_id),
        )


def warm_analysis(settings: RedisSettings, product_id: str, result: dict[str, Any]) -> None:
    """Put the latest result of a product into the cache, for six hours less some jitter."""
    lifetime = keys.ANALYSIS_CACHE_TTL - random.randint(0, keys.ANALYSIS_CACHE_TTL // 10)  # noqa: S311
    key = keys.analysis_cache(settings.environment, product_id)
    with translated():
        client_for(settings).set(key, json.dumps(result, ensure_ascii=False), ex=lifetime)


def cached_analysis(settings: RedisSettings, product_id: str) -> dict[str, Any] | None:
    """Return the cached result of a product; None where there is none."""
    with translated():
        value = client_for(settings).get(keys.analysis_cache(settings.environment, product_id))
    return json.loads(value) if isinstance(value, str) else None
