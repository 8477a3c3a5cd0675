"""Every key in Redis, built here and nowhere else: `{environment}:ec:…`."""

from __future__ import annotations

#: Lifetimes in seconds.
PROGRESS_TTL = 24 * 3600
ANALYSIS_CACHE_TTL = 6 * 3600
PRODUCT_CACHE_TTL = 3600


def _key(environment: str, *parts: str) -> str:
    return ":".join((environment, "ec", *parts))


def analysis_progress(environment: str, task_id: str) -> str:
    """Hash: how a task stands."""
    return _key(environment, "analysis_progress", task_id)


def progress_channel(environment: str, task_id: str) -> str:
    """Pub/sub channel: wakes the viewers of a task."""
    return _key(environment, "progress", task_id)


def analysis_cache(environment: str, product_id: str) -> str:
    """JSON: the latest result of a product."""
    return _key(environment, "analysis_cache", product_id)


def product_cache(environment: str, product_id: str) -> str:
    """JSON: a product as pages show it."""
    return _key(environment, "product_cache", product_id)


def host_slots(environment: str, host: str) -> str:
    """String: the moment (ms) when the next request to a crawled host is due."""
    return _key(environment, "crawl_slot", host)
