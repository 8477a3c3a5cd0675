"""A budget of seconds that runs only while we wait for the other side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.errors import SourceUnavailable


class Deadline:
    """One page's seconds. Waiting for our own turn does not use them up. Not thread-safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._budget = self._left = 0.0
        self._ends: float | None = None

    def start(self, seconds: float) -> None:
        """Begin a new page with a full budget."""
        self._budget = self._left = seconds
        self._ends = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the budget run while the block runs."""
        self._ends = self._monotonic() + self._left
        try:
            yield
        finally:
            self._left = max(0.0, self._ends - self._monotonic())
            self._ends = None

    def cap(self, timeout: float | None) -> float | None:
        """Return the time-out, or what is left of the budget if that is less.

        Raises:
            SourceUnavailable: nothing is left.
        """
        if self._ends is None:
            return timeout
        left = self._ends - self._monotonic()
        if left <= 0:
            raise SourceUnavailable(f"the page took longer than {self._budget:g} seconds")
        return left if timeout is None else min(timeout, left)
