"""Processes by identity: a pid alone may have passed to a stranger."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psutil

#: In the environment of every process of a stack and of all they start in turn.
MARK = "EC_STACK_ID"
#: Seconds two readings of one start time may differ by: the clock may be set meanwhile.
SAME_START = 2.0
#: Seconds a killed process may take to vanish.
KILL_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process as written to disk: found again only if the start time fits too."""

    name: str
    pid: int
    #: Seconds since the epoch.
    created: float
    stop_signal: int = signal.SIGTERM
    port: int | None = None

    @classmethod
    def of(cls, name: str, pid: int, **details: Any) -> ProcessRecord:
        """Return the record of a process that exists."""
        return cls(name, pid, psutil.Process(pid).create_time(), **details)

    def find(self) -> psutil.Process | None:
        """Return the process if it still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < SAME_START
        except psutil.NoSuchProcess:
            return None
        return process if same and is_alive(process) else None

    def to_state(self) -> dict[str, Any]:
        """Return the record as a JSON-able document."""
        return asdict(self)


def is_alive(process: psutil.Process) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def family(pid: int) -> list[psutil.Process]:
    """Return the process and all below it; empty if it is gone."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def marked(stack_id: str) -> list[psutil.Process]:
    """Return the processes that carry the stack's mark, whoever their parent is by now.

    Finds flow runs whose worker was killed. Servers that write their title over their
    environment (PostgreSQL, Valkey) are not seen here: they are found by their record.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == stack_id and is_alive(process):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue  # another user's, or gone since: not of this stack
    return found


def wait_gone(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end; return those that have not."""
    deadline = time.monotonic() + seconds
    left = [process for process in processes if is_alive(process)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [process for process in left if is_alive(process)]
    return left


def send(processes: Iterable[psutil.Process], signal_number: int) -> None:
    """Send a signal to those that still run."""
    for process in processes:
        try:
            process.send_signal(signal_number)
        except psutil.NoSuchProcess:
            continue  # ended by itself, which is what we want


def end(processes: Sequence[psutil.Process], signal_number: int, grace: float) -> None:
    """Ask processes to end, and kill those that have not after `grace` seconds."""
    send(processes, signal_number)
    stubborn = wait_gone(processes, grace)
    send(stubborn, signal.SIGKILL)
    wait_gone(stubborn, KILL_WAIT)
