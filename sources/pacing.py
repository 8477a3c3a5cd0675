"""How often, and how many at once, one host is asked."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

#: Seconds of the first backoff at most, and of any.
BACKOFF_BASE, BACKOFF_CAP = 0.5, 30.0
#: Hosts remembered; idle ones beyond it are forgotten.
MAX_HOSTS = 512

_random = random.SystemRandom()


class Pacer(Protocol):
    """Gives turns at a host. One for all crawls of a process, or of a whole installation."""

    def turn(self, host: str, *, interval: float, concurrency: int) -> AbstractContextManager[None]:
        """Wait for a turn and hold it for the block.

        Turns start at least `interval` seconds apart; at most `concurrency` are held at once.
        """

    def hold(self, host: str, seconds: float) -> None:
        """Give no turn at the host for so many seconds: it asked for rest, or it fails."""


@dataclass(slots=True)
class _Gate:
    opens: float = 0.0
    held: int = 0


class HostPacer:
    """The pacer of one process; thread-safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._gates: dict[str, _Gate] = {}

    @contextmanager
    def turn(self, host: str, *, interval: float, concurrency: int) -> Iterator[None]:
        """Wait for a turn at the host and hold it for the block."""
        gate = self._enter(host, interval, concurrency)
        try:
            yield
        finally:
            with self._changed:
                gate.held -= 1
                self._changed.notify_all()

    def _enter(self, host: str, interval: float, concurrency: int) -> _Gate:
        with self._changed:
            while True:
                gate = self._gate(host)
                wait = gate.opens - self._monotonic()
                if gate.held < concurrency and wait <= 0:
                    break
                self._changed.wait(wait if gate.held < concurrency else None)
            gate.held += 1
            gate.opens = self._monotonic() + interval
            return gate

    def hold(self, host: str, seconds: float) -> None:
        """Give no turn at the host for so many seconds."""
        with self._changed:
            gate = self._gate(host)
            gate.opens = max(gate.opens, self._monotonic() + seconds)

    def _gate(self, host: str) -> _Gate:
        if host not in self._gates and len(self._gates) >= MAX_HOSTS:
            now = self._monotonic()
            self._gates = {
                name: gate for name, gate in self._gates.items() if gate.held or gate.opens > now
            }
        return self._gates.setdefault(host, _Gate())


@lru_cache(maxsize=1)
def process_pacer() -> HostPacer:
    """Return the pacer that all crawls of this process share."""
    return HostPacer()


def backoff(attempt: int) -> float:
    """Return the seconds to wait after failed attempt 1, 2, … (exponential, full jitter)."""
    return _random.uniform(0, min(BACKOFF_CAP, BACKOFF_BASE * 2 ** min(attempt, 10)))
