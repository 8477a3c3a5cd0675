"""The live view on a terminal; plain lines, now and then, anywhere else."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live

from cli.progress_view import Look, draw, plain_line

#: Seconds between two plain lines.
PLAIN_EVERY = 3.0


class Screen(Protocol):
    """Shows looks at one analysis, inside a `with` block."""

    def show(self, look: Look) -> None:
        """Show a look."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class LiveScreen:
    """Redraws in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=False)

    def show(self, look: Look) -> None:
        """Draw the look over the last one."""
        self._live.update(draw(look), refresh=True)

    def __enter__(self) -> LiveScreen:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()


class PlainScreen:
    """Writes a line every few seconds, and whenever the status or the note changes."""

    def __init__(self, console: Console, every: float = PLAIN_EVERY) -> None:
        self._console = console
        self._every = every
        self._written: Look | None = None
        self._latest: Look | None = None

    def show(self, look: Look) -> None:
        """Write the look if it is time to."""
        self._latest = look
        last = self._written
        news = last is None or (last.progress.status, last.note) != (
            look.progress.status,
            look.note,
        )
        if news or last is None or look.elapsed - last.elapsed >= self._every:
            self._write(look)

    def _write(self, look: Look) -> None:
        self._written = look
        # Whole, for whoever searches the log: the lines of a file have no width.
        self._console.print(plain_line(look), markup=False, soft_wrap=True)

    def __enter__(self) -> PlainScreen:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._latest is not None and self._latest is not self._written:
            self._write(self._latest)


class NoScreen:
    """Shows nothing: somebody reads our JSON."""

    def show(self, look: Look) -> None:
        """Do nothing with it."""

    def __enter__(self) -> NoScreen:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass


def screen_for(console: Console, *, quiet: bool = False) -> Screen:
    """Return the screen that fits the console; `quiet` wants no plain lines."""
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveScreen(console)
    return NoScreen() if quiet else PlainScreen(console)
