"""Following an analysis until it ends, or until nobody is left who works on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cli.progress_view import Look
from cli.rates import Rate
from cli.screens import Screen
from domain.errors import StoreUnavailable
from domain.requests import TERMINAL, RequestStatus
from tasks.progress import Progress, shown_progress, take_progress

if TYPE_CHECKING:
    from settings import Settings

_STATES = tuple(RequestStatus)
#: Seconds between two looks.
POLL = 0.2
#: Progress that has not changed for so many seconds is taken from the stores of record.
STALE = 3.0
#: After so many seconds without a change the watcher is told that nobody may be at work.
IDLE = 60.0
#: Seconds the stores may be away while nobody else can tell us how the analysis ends.
PATIENCE = 60.0


def has_ended(progress: Progress) -> bool:
    """Whether the analysis is in a terminal state."""
    return RequestStatus(progress.status) in TERMINAL


class Watch:
    """Looks at one analysis again and again, and keeps what the looks have in common."""

    def __init__(self, settings: Settings, task_id: str) -> None:
        self._settings = settings
        self._task_id = task_id
        self._began = self._changed = time.monotonic()
        self._last: Progress | None = None
        self._away_since: float | None = None
        self._rate = Rate()

    @property
    def away_for(self) -> float:
        """Seconds since the stores last answered; 0 while they do."""
        return time.monotonic() - self._away_since if self._away_since else 0.0

    def look(self) -> Look | None:
        """Return how the analysis stands; None while the stores have never answered."""
        now = time.monotonic()
        try:
            progress = self._read(now)
            self._away_since = None
        except StoreUnavailable as error:
            self._away_since = self._away_since or now
            return self._made(self._last, now, error.line) if self._last else None
        if progress != self._last:
            self._last, self._changed = progress, now
        self._rate.note(now, progress.outcomes)
        return self._made(progress, now, self._idle_note(progress, now))

    def _read(self, now: float) -> Progress:
        if now - self._changed >= STALE:
            return take_progress(self._settings, self._task_id)
        shown = shown_progress(self._settings, self._task_id)
        # Two workers may tell how it stood in another order than they looked.
        return self._last if self._last and _behind(shown, self._last) else shown

    def _idle_note(self, progress: Progress, now: float) -> str:
        idle = now - self._changed
        if idle < IDLE or has_ended(progress):
            return ""
        resume = f"cards analyze --resume {self._task_id}"
        return f"nothing has changed for {idle:.0f} s; is anybody at work? `{resume}` goes on"

    def _made(self, progress: Progress, now: float, note: str) -> Look:
        return Look(progress, now - self._began, self._rate.per_second, note)


def _behind(look: Progress, other: Progress) -> bool:
    return (
        _STATES.index(RequestStatus(look.status)) < _STATES.index(RequestStatus(other.status))
        or look.outcomes < other.outcomes
        or look.collected < other.collected
    )


def follow(
    settings: Settings, task_id: str, screen: Screen, alive: Callable[[], bool] | None = None
) -> Progress:
    """Show an analysis until it ends; return how it stands then.

    With `alive` it also returns, of an analysis that goes on, once that turns false.

    Raises:
        RequestNotFound: there is no such task.
        StoreUnavailable: the stores stay away.
    """
    watch = Watch(settings, task_id)
    with screen:
        while True:
            # Asked before the look: what the worker wrote last is then seen.
            at_work = alive is None or alive()
            look = watch.look()
            if look is not None:
                screen.show(look)
                if has_ended(look.progress):
                    return look.progress
            if not at_work:
                return take_progress(settings, task_id)
            if alive is None and watch.away_for > PATIENCE:
                return take_progress(settings, task_id)
            time.sleep(POLL)
