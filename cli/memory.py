"""How much memory processes take at most, by sampling."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType

import psutil

#: Seconds between two samples.
EVERY = 0.5

Groups = Mapping[str, Iterable[int]]


class MemoryPeaks:
    """Samples the resident memory of groups of processes while the block runs.

    A page that two processes of a group share is counted in both.
    """

    def __init__(self, groups: Callable[[], Groups]) -> None:
        self._groups = groups
        self._peaks: dict[str, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    @property
    def peaks(self) -> dict[str, int]:
        """The most bytes each group had at one moment, largest first."""
        return dict(sorted(self._peaks.items(), key=lambda item: -item[1]))

    def __enter__(self) -> MemoryPeaks:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.sample()

    def sample(self) -> None:
        """Look once."""
        for name, pids in self._groups().items():
            taken = sum(map(resident, pids))
            self._peaks[name] = max(self._peaks.get(name, 0), taken)


def resident(pid: int) -> int:
    """Return the resident bytes of a process; 0 once it is gone."""
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.NoSuchProcess:
        return 0
