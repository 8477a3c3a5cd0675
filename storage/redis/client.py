"""Connections to Redis, and the one place where its errors become ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, exceptions
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from domain.errors import InvalidRequest, StoreUnavailable
from settings.models import RedisSettings
from storage.connections import ClientCache

_clients: ClientCache[Redis] = ClientCache(Redis.close)


def _client(dsn: str, timeout: float) -> Redis:
    try:
        return Redis.from_url(
            dsn,
            decode_responses=True,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            health_check_interval=30,
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 1),
        )
    except ValueError as error:
        message = "EC_REDIS__DSN is not a URL like redis://:password@host:6379/0"
        raise InvalidRequest(message) from error


def client_for(settings: RedisSettings) -> Redis:
    """Return this process's client for the settings; made once.

    Raises:
        StoreUnavailable: no DSN is set and no embedded server runs.
    """
    if settings.dsn is None:
        message = "no Redis: start the platform with `cards up`, or set EC_REDIS__DSN"
        raise StoreUnavailable(message)
    key = (settings.dsn.get_secret_value(), settings.timeout)
    return _clients.get(key, lambda: _client(*key))


#: Seconds that nobody of this process asks a Redis which did not answer.
REST = 10.0
_resting = {"until": 0.0}


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours.

    A full, failed-over or forbidden Redis is as good as none: all its errors are of one kind,
    and no caller depends on it. After a connection error it is left alone for a while, so that
    one which hangs does not hold up every step by its time-out.

    Raises:
        StoreUnavailable: Redis is away, or does not do what it is asked.
    """
    if time.monotonic() < _resting["until"]:
        raise StoreUnavailable("Redis did not answer a moment ago")
    try:
        yield
    except (exceptions.ConnectionError, exceptions.TimeoutError) as error:
        _resting["until"] = time.monotonic() + REST
        raise StoreUnavailable(f"Redis: {error}") from error
    except exceptions.RedisError as error:
        raise StoreUnavailable(f"Redis: {error}") from error


def close_clients() -> None:
    """Forget this process's clients (before its servers stop)."""
    _clients.close_all()
    _resting["until"] = 0.0
