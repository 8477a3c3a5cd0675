"""Steps on their way: a line a step, with its time, and what happens in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text


class Checklist:
    """Writes each step once it is done; shows the one under way on a terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._status: Status | None = None
        #: Seconds each step took, by its name.
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step; a step that ends by an error is marked so."""
        began = time.monotonic()
        status = self.console.status(name)
        self._status = status
        try:
            with status:
                yield
        except BaseException:  # marked, and raised again: Ctrl-C too
            self._mark("✗", "red", name, time.monotonic() - began)
            raise
        finally:
            self._status = None
        self.done(name, time.monotonic() - began)

    def done(self, name: str, seconds: float) -> None:
        """Write a step that was timed elsewhere."""
        self.seconds[name] = round(seconds, 2)
        self._mark("✓", "green", name, seconds)

    def say(self, words: str) -> None:
        """Announce a step that shows its progress itself."""
        self.console.print(Text(f"  … {words}"), soft_wrap=True)

    def tell(self, subject: str, words: str) -> None:
        """Say what happens in the step; readiness gets a line of its own, the rest passes by."""
        if words.startswith("ready"):
            self.console.print(Text.assemble("    ", subject, (f"  {words}", "dim")))
        elif self._status is not None:
            self._status.update(f"{subject}: {words}")

    def _mark(self, sign: str, style: str, name: str, seconds: float) -> None:
        line = Text.assemble((f"  {sign} ", style), name, (f"  {seconds:.1f} s", "dim"))
        self.console.print(line)
