"""Turns at a crawled host, shared by every worker through Redis."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import StoreUnavailable
from settings import Settings
from sources.pacing import Pacer, process_pacer
from storage.redis.host_slots import hold_host, reserve_slot

log = logging.getLogger(__name__)


class SharedPacer:
    """The process's own pacer, and behind it the slots that all workers share.

    Without Redis the process keeps its own pace and the crawl goes on.
    """

    def __init__(self, settings: Settings) -> None:
        self._redis = settings.redis
        self._own: Pacer = process_pacer()

    @contextmanager
    def turn(self, host: str, *, interval: float, concurrency: int) -> Iterator[None]:
        """Wait for a turn at the host and hold it for the block."""
        with self._own.turn(host, interval=interval, concurrency=concurrency):
            try:
                time.sleep(reserve_slot(self._redis, host, interval))
            except StoreUnavailable as error:
                log.warning("pacing by this process alone: %s", error.line)
            yield

    def hold(self, host: str, seconds: float) -> None:
        """Give no turn at the host for so many seconds, here and elsewhere."""
        self._own.hold(host, seconds)
        try:
            hold_host(self._redis, host, seconds)
        except StoreUnavailable as error:
            log.warning("only this process rests: %s", error.line)
