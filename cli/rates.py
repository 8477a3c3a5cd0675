"""How fast a count grows."""

from __future__ import annotations

from collections import deque

#: Seconds over which the present speed is taken.
WINDOW = 5.0


class Rate:
    """The growth of a count per second, over the last few seconds."""

    def __init__(self, window: float = WINDOW) -> None:
        self._window = window
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, moment: float, count: int) -> None:
        """Note the count at a moment (seconds, growing)."""
        self._seen.append((moment, count))
        # One reading older than the window stays: the growth is measured from it.
        while len(self._seen) > 2 and moment - self._seen[1][0] >= self._window:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        """The present speed; 0 before there are two moments."""
        if len(self._seen) < 2:
            return 0.0
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        return max(0.0, (now - before) / (last - first)) if last > first else 0.0


def clock(seconds: float) -> str:
    """Return 75 as "01:15" and 3675 as "1:01:15"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"
