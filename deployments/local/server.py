"""What all servers of the stack have in common: start, become usable, be watched, stop."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from threading import Event
from typing import ClassVar

from deployments.local.child import Child, Launch
from deployments.local.errors import ServerDied, ServerNotReady, ServerUnavailable, StackError
from deployments.local.journal import Journal
from deployments.local.launcher import CANNOT_RUN
from deployments.local.passwords import Passwords
from deployments.local.ports import PortBook, is_free
from deployments.local.processes import MARK, ProcessRecord

#: Seconds between two looks at a server that is starting.
POLL = 0.03
#: Times a server is given another port because its own was taken meanwhile.
PORT_TRIES = 5


class StartCancelled(StackError):
    """The stack is being stopped while this server starts."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the servers of one data folder share."""

    data_dir: Path
    ports: PortBook
    passwords: Passwords
    journal: Journal

    def folder(self, key: str) -> Path:
        """Return a server's folder; only the user of the stack may look inside."""
        folder = self.data_dir / key
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def log(self, key: str) -> Path:
        """Return a server's log file."""
        return self.folder("logs") / f"{key}.log"

    def environment(self, *, without: str = "") -> dict[str, str]:
        """Return our environment with the stack's mark, without variables of a prefix."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not (without and name.startswith(without))
        }
        return {**kept, MARK: self.journal.stack_id}


class Server(ABC):
    """One server. `start` and `stop` may be called from different threads."""

    #: What people call it.
    name: ClassVar[str]
    #: Its folder, log file and port are kept under this.
    key: ClassVar[str]
    #: The setting that puts a server of the user's in its place.
    variable: ClassVar[str]
    #: The field of `Addresses` it fills.
    field: ClassVar[str | None] = None
    #: Keys of the servers it can only start after.
    needs: ClassVar[frozenset[str]] = frozenset()
    stop_signal: ClassVar[int] = SIGTERM
    #: Seconds to stop by itself before it is killed.
    grace: ClassVar[float] = 15
    #: Whether the processes below it are told to stop together with it.
    all_at_once: ClassVar[bool] = False
    #: Seconds to become usable. Generous: a crashed server first replays its log.
    ready_within: ClassVar[float] = 60

    def __init__(self, site: Site) -> None:
        self.site = site
        self.port = 0
        self.child: Child | None = None
        #: Something the user should know, told with "ready".
        self.note = ""

    @abstractmethod
    def prepare(self) -> None:
        """Make folders, files and data, before each start."""

    @abstractmethod
    def launch(self) -> Launch:
        """Return what to run, listening on `self.port`."""

    @abstractmethod
    def probe(self) -> bool:
        """Whether our server (not a stranger on its port) answers. Never raises for "not yet"."""

    def settle(self) -> None:  # noqa: B027 - most servers are usable as they are
        """Make what users expect to find: databases, users."""

    @abstractmethod
    def address(self) -> str:
        """Return where users reach it."""

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.site.log(self.key)

    def start(self, stopping: Event) -> None:
        """Start and wait until usable.

        Raises:
            StackError: it cannot be run, died, or is not usable in time, by name.
        """
        self.prepare()
        for _ in range(PORT_TRIES):
            self.port = self.site.ports.take(self.key)
            self._spawn()
            if self._answers(stopping):
                return self.settle()
        raise ServerNotReady(self.name, f"found no free port in {PORT_TRIES} tries")

    def stop(self) -> None:
        """Stop gracefully, then not so gracefully; nothing of it is left running."""
        if self.child is not None:
            self.child.stop(self.stop_signal, self.grace, all_at_once=self.all_at_once)

    def check(self) -> None:
        """Raise ServerDied if the server was started and is gone."""
        if self.child is not None and (code := self.child.exit_code()) is not None:
            raise ServerDied(self.name, code, self.log, self.child.log_lines())

    def _spawn(self) -> None:
        self.child = Child(self.launch(), self.stop_signal)
        record = ProcessRecord.of(
            self.name, self.child.pid, stop_signal=self.stop_signal, port=self.port
        )
        self.site.journal.add(self.site.data_dir, record)

    def _answers(self, stopping: Event) -> bool:
        """Wait for the probe; False if another process has taken the port."""
        deadline = time.monotonic() + self.ready_within
        while not self.probe():
            if stopping.is_set():
                raise StartCancelled(self.name)
            if self.child and self.child.exit_code() is not None:
                return self._judge_exit(self.child)
            if time.monotonic() > deadline:
                lines = self.child.log_lines() if self.child else []
                reason = f"does not answer after {self.ready_within:.0f} s; the end of {self.log}:"
                raise ServerNotReady(self.name, reason, lines)
            time.sleep(POLL)
        return True

    def _judge_exit(self, child: Child) -> bool:
        """Return False if a taken port explains the exit, else raise what happened."""
        if not is_free(self.port):
            return False
        if child.exit_code() == CANNOT_RUN:
            reason = f"cannot be run on this machine ({' '.join(child.log_lines()[-1:])})"
            raise ServerUnavailable(self.name, reason, self.variable)
        raise ServerDied(self.name, child.exit_code(), self.log, child.log_lines())

    @contextmanager
    def naming(self, *errors: type[Exception]) -> Iterator[None]:
        """Give a driver's errors the server's name."""
        try:
            yield
        except errors as error:
            raise ServerNotReady(self.name, f"answers, but: {error}") from error
