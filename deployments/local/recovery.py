"""Stacks seen from outside: one that runs, and what is left of one that was killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM

import psutil

from deployments.local.errors import StackAlreadyRunning, StackOfAnotherUser
from deployments.local.folder_lock import FolderLock
from deployments.local.journal import FILE, Journal
from deployments.local.processes import ProcessRecord, end, marked, send, wait_gone
from settings.models import STACK_ENV

#: Seconds that servers of a killed stack get to end as the kernel has told them to.
LAST_WORDS = 5.0
#: Seconds that the rest gets after being asked again.
GRACE = 15.0


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that another process keeps running."""

    data_dir: Path
    supervisor_pid: int
    #: ISO 8601, UTC.
    started_at: str
    #: Name, pid and port of each server.
    servers: tuple[ProcessRecord, ...]
    #: Addresses of its own servers by variable; empty until all are ready.
    addresses: dict[str, str]


def running_stack(data_dir: Path) -> RunningStack | None:
    """Return the stack that runs on a data folder, None if there is none.

    Raises:
        StackOfAnotherUser: the folder may not be read.
    """
    with foreign_folder(data_dir):
        journal = Journal.read(data_dir)
    if journal is None or journal.supervisor.find() is None:
        return None
    return RunningStack(
        data_dir,
        journal.supervisor.pid,
        journal.started_at,
        tuple(journal.servers),
        dict(journal.addresses),
    )


def stop_running(data_dir: Path, timeout: float = 60) -> list[str]:
    """Stop the stack of a data folder from another process; return the names of what ended.

    Asks its supervisor to stop it. One that has not after `timeout` seconds is killed, and so is
    what is left of its servers.

    Raises:
        StackOfAnotherUser: it is not ours to stop.
        StackAlreadyRunning: somebody has started it again meanwhile.
    """
    with foreign_folder(data_dir):
        journal = Journal.read(data_dir)
        if journal is None:
            return []
        before = [server.name for server in journal.servers if server.find()]
        supervisor = journal.supervisor.find()
        if supervisor is not None:
            send([supervisor], SIGTERM)
            send(wait_until_free(data_dir, supervisor, timeout), SIGKILL)
        with locked(data_dir):
            recover(data_dir)
    return before


def wait_until_free(
    data_dir: Path, supervisor: psutil.Process, timeout: float
) -> list[psutil.Process]:
    """Wait until the supervisor has ended or let go of the folder; return it if it has not."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        # Its program may live on after the stack: the journal's end is enough.
        if not (data_dir / FILE).exists() or not wait_gone([supervisor], 0.05):
            return []
    return wait_gone([supervisor], 0)


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        StackAlreadyRunning: another process holds it.
    """
    lock = take_lock(data_dir)
    try:
        yield
    finally:
        lock.release()


def take_lock(data_dir: Path) -> FolderLock:
    """Return the folder's lock, taken.

    Raises:
        StackAlreadyRunning: another process holds it.
    """
    lock = FolderLock(data_dir)
    # Whoever looks (`stop_running`) or has just been killed holds it for a moment.
    for _ in range(10):
        if lock.acquire():
            return lock
        time.sleep(0.05)
    journal = Journal.read(data_dir)
    raise StackAlreadyRunning(data_dir, journal.supervisor.pid if journal else None)


def recover(data_dir: Path) -> list[str]:
    """Stop what a killed stack left running; return its names. The caller holds the lock."""
    journal = Journal.read(data_dir)
    if journal is None:
        return []
    left = [(server, process) for server in journal.servers if (process := server.find())]
    wait_gone([process for _, process in left], LAST_WORDS)
    # In the order of a proper stop: last started, first stopped.
    for server, process in reversed(left):
        with_children = [process, *children(process)]
        send([process], server.stop_signal)
        end(wait_gone(with_children, GRACE), SIGKILL, 0)
    # Flow runs that outlived their worker.
    end(marked(journal.stack_id), SIGTERM, GRACE)
    forget(data_dir)
    return [server.name for server, _ in left]


def children(process: psutil.Process) -> list[psutil.Process]:
    """Return all processes below one; empty if it is gone."""
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def forget(data_dir: Path) -> None:
    """Remove the files that tell of a running stack."""
    (data_dir / STACK_ENV).unlink(missing_ok=True)
    (data_dir / FILE).unlink(missing_ok=True)


@contextmanager
def foreign_folder(data_dir: Path) -> Iterator[None]:
    """Give a refusal of the operating system its reason."""
    try:
        yield
    except (PermissionError, psutil.AccessDenied) as error:
        raise StackOfAnotherUser(f"{data_dir} may not be used by this user: {error}") from error
