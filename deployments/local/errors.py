"""What can go wrong with the embedded stack.

StackError
├── StackAlreadyRunning   another process runs servers on this data folder
├── StackOfAnotherUser    the data folder or its processes belong to somebody else
├── ServerUnavailable     there is no such server for this machine
├── ServerNotReady        a server runs but does not become usable in time
└── ServerDied            a server ended by itself
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from domain.errors import PermanentError

#: Where to turn when a server cannot be run from a wheel.
WAY_OUT = "run deployments/compose instead, or set {variable} to a server of your own"


class StackError(PermanentError):
    """The embedded stack cannot do what was asked."""


class StackAlreadyRunning(StackError):
    """Another process runs servers on this data folder; `pid` is its, None if unknown."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        super().__init__(
            f"a stack already runs on {data_dir} (process {pid or 'unknown'}): "
            "stop it first, or choose another data folder with EC_DATA_DIR"
        )
        self.pid = pid


class StackOfAnotherUser(StackError):
    """The data folder or its processes belong to another user."""


class ServerUnavailable(StackError):
    """There is no such server for this machine."""

    def __init__(self, name: str, reason: str, variable: str) -> None:
        super().__init__(f"{name}: {reason}; {WAY_OUT.format(variable=variable)}")
        self.name = name


class ServerNotReady(StackError):
    """A server runs but does not become usable."""

    def __init__(self, name: str, reason: str, log_lines: Sequence[str] = ()) -> None:
        super().__init__("\n".join([f"{name}: {reason}", *log_lines]))
        self.name = name
        self.log_lines = tuple(log_lines)


class ServerDied(StackError):
    """A server ended by itself; `log_lines` are the last of its log."""

    def __init__(self, name: str, code: int | None, log: Path, log_lines: Sequence[str]) -> None:
        how = f"ended by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        super().__init__("\n".join([f"{name} died ({how}); the end of {log}:", *log_lines]))
        self.name = name
        self.log_lines = tuple(log_lines)
