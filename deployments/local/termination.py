"""Signals that end a program: turned into an exception once, then held off while we clean up."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: `kill`, and a closed terminal.
ENDING = (signal.SIGTERM, signal.SIGHUP)
#: Seconds in which another signal counts as the same: people press Ctrl-C twice, and the second
#: would strike while we unwind from the first, before clean-up has begun.
SAME = 1.0


class Termination:
    """Makes signals leave through the `with` blocks instead of past them."""

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}
        self._last = -SAME

    def catch(self) -> None:
        """Begin; does nothing outside the main thread, which alone may set handlers."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, *ENDING):
                # Not where somebody decides otherwise: nohup, or a server with its own handler.
                if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
                    self._before[number] = signal.signal(number, self._leave)

    def release(self) -> None:
        """Put back the handlers that were there."""
        while self._before:
            signal.signal(*self._before.popitem())

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        """Raise what ends a program as the shell expects, through every `finally`."""
        now = time.monotonic()
        if now - self._last < SAME:
            return
        self._last = now
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Ignore the signals, Ctrl-C too: an interrupted stop would leave servers behind.

        Stopping is bounded in time by itself.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = (signal.SIGINT, *ENDING)
        before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                # None: set by something that is not Python, and not ours to put back.
                if handler is not None:
                    signal.signal(number, handler)
