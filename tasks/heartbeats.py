"""Keeping a lease while its work goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from domain.errors import LeaseLost, StoreUnavailable
from settings.models import Settings
from storage.mongo.leases import Lease, extend

log = logging.getLogger(__name__)


@contextmanager
def heartbeat(settings: Settings, lease: Lease) -> Iterator[None]:
    """Extend the lease from a thread, three times in its length, until the block ends.

    Nothing is raised in the block when the lease is lost: the next fenced write is refused.
    """
    stop = threading.Event()
    seconds = settings.queue.lease_seconds

    def beat() -> None:
        while not stop.wait(seconds / 3):
            try:
                extend(settings.mongo, lease, seconds)
            except LeaseLost as error:
                log.warning("%s", error.line)
                return
            except StoreUnavailable as error:
                # The next beat may reach it; if none does, the lease passes on, as it should.
                log.warning("heartbeat missed: %s", error.line)

    thread = threading.Thread(target=beat, name=f"heartbeat-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
