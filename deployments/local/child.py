"""A process of ours: its own session, its own log, gone when we are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from deployments.local.processes import KILL_WAIT, end, family, send
from deployments.local.system_user import SystemUser

LAUNCHER = Path(__file__).with_name("launcher.py")
#: A log larger than this, in bytes, is put aside at the next start (one generation is kept).
LOG_LIMIT = 20_000_000
#: Lines of a log that are shown, and the longest part of one line.
SHOWN_LINES = 15
SHOWN_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run and how."""

    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    #: None: as we are.
    user: SystemUser | None = None
    directory: Path = Path("/")

    def argv(self, stop_signal: int) -> list[str]:
        """Return the command behind the launcher."""
        ids = (self.user.uid, self.user.gid) if self.user else (-1, -1)
        numbers = [os.getpid(), stop_signal, *ids]
        # -I -S: no site packages, no PYTHON… variables: 15 ms instead of 60.
        return [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, numbers), *self.command]


class Child:
    """A started process."""

    def __init__(self, launch: Launch, stop_signal: int) -> None:
        self._log = launch.log
        put_aside(launch.log)
        with launch.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the
            # servers in their order.
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                launch.argv(stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(launch.environment),
                cwd=launch.directory,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def family(self) -> list[psutil.Process]:
        """Return the process and all below it."""
        return family(self.pid) if self.exit_code() is None else []

    def listens_on(self, port: int) -> bool:
        """Whether it is this process, or one below it, that listens on a port."""
        try:
            return any(
                connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
                for process in self.family()
                for connection in process.net_connections(kind="tcp")
            )
        except psutil.NoSuchProcess:
            return False

    def stop(self, stop_signal: int, grace: float, *, all_at_once: bool = False) -> None:
        """Ask it to end; after `grace` seconds kill it. Those below it are ended after it.

        `all_at_once`: those below it are asked at the same time, because it waits for them.
        """
        below = self.family()[1:]
        if self.exit_code() is None:
            self._process.send_signal(stop_signal)
            send(below if all_at_once else [], stop_signal)
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(KILL_WAIT)
        end(below, stop_signal, grace)

    def finish(self, seconds: float) -> int:
        """Wait for a process that ends by itself; kill it after `seconds`. Return its code."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait(KILL_WAIT)

    def log_lines(self) -> list[str]:
        """Return the last lines of the log."""
        return last_lines(self._log)


def put_aside(log: Path) -> None:
    """Rename a log that has grown large."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def last_lines(log: Path) -> list[str]:
    """Return the last lines of a log, shortened."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - SHOWN_LINES * SHOWN_COLUMNS * 4))
        text = file.read().decode("utf-8", errors="replace")
    return [line[:SHOWN_COLUMNS] for line in text.splitlines()[-SHOWN_LINES:]]
