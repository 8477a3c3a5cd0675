"""What the exit status of `cards` tells a program."""

from __future__ import annotations

from enum import IntEnum

from cli.failures import FlowDied
from deployments.local.errors import StackError
from domain.errors import (
    EmotionCardsError,
    FileUnreadable,
    InvalidRequest,
    RequestCancelled,
    RequestNotFound,
    StoreUnavailable,
)
from domain.requests import RequestStatus


class ExitCode(IntEnum):
    """The exit statuses. From 64 on they follow sysexits.h, from 128 on the shell."""

    #: Done as asked; of an analysis: completed.
    DONE = 0
    #: The analysis failed, or a check found a difference.
    FAILED = 1
    #: The command line or a value in it is off.
    USAGE = 2
    #: There is no such analysis, or it has no result.
    NOT_FOUND = 3
    #: There is a result, and its coverage has gaps.
    PARTIAL = 4
    #: The analysis was cancelled.
    CANCELLED = 5
    #: A store or a server is not there.
    UNAVAILABLE = 69
    #: A fault of this program.
    FAULT = 70
    #: A file or folder cannot be read or written.
    FILE = 74
    #: The flow ended before the analysis did, which is kept as far as it came.
    STOPPED_SHORT = 75
    #: Stopped by Ctrl-C.
    INTERRUPTED = 130
    #: Stopped by SIGTERM.
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done as asked",
    ExitCode.FAILED: "the analysis failed, or a check found a difference",
    ExitCode.USAGE: "wrong usage",
    ExitCode.NOT_FOUND: "no such analysis, or it has no result",
    ExitCode.PARTIAL: "there is a result, and its coverage has gaps",
    ExitCode.CANCELLED: "the analysis was cancelled",
    ExitCode.UNAVAILABLE: "a store or a server is not there",
    ExitCode.FAULT: "a fault of this program",
    ExitCode.FILE: "a file cannot be read or written",
    ExitCode.STOPPED_SHORT: "the flow died; go on with `cards analyze --resume`",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}

_OF_ERRORS: tuple[tuple[type[EmotionCardsError], ExitCode], ...] = (
    (InvalidRequest, ExitCode.USAGE),
    (RequestNotFound, ExitCode.NOT_FOUND),
    (RequestCancelled, ExitCode.CANCELLED),
    (StoreUnavailable, ExitCode.UNAVAILABLE),
    (StackError, ExitCode.UNAVAILABLE),
    (FileUnreadable, ExitCode.FILE),
    (FlowDied, ExitCode.STOPPED_SHORT),
)

_OF_ENDS: dict[RequestStatus, ExitCode] = {
    RequestStatus.COMPLETED: ExitCode.DONE,
    RequestStatus.PARTIAL: ExitCode.PARTIAL,
    RequestStatus.FAILED: ExitCode.FAILED,
    RequestStatus.CANCELLED: ExitCode.CANCELLED,
}


def code_of_error(error: EmotionCardsError) -> ExitCode:
    """Return the exit status of a command that ends with this error."""
    for kind, code in _OF_ERRORS:
        if isinstance(error, kind):
            return code
    return ExitCode.FAILED


def code_of_end(status: str) -> ExitCode:
    """Return the exit status of a command that saw an analysis end so."""
    return _OF_ENDS[RequestStatus(status)]
