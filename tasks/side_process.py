"""A function in a process of its own, whose memory is gone when it has answered."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from domain.errors import EmotionCardsError, WordCountDied
from tasks.pool_processes import end_with_parent

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds a process has to end by itself once it has answered.
GRACE = 5.0


def run_aside(function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Return what a function of a module answers in a fresh process, which does not outlive this.

    Raises:
        EmotionCardsError: the function's own error.
        WordCountDied: the process ended without an answer.
    """
    # Not forked: this process has threads, and connections that are not to be shared.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=_answer, args=(there, function, arguments, named), daemon=True, name="aside"
    )
    process.start()
    # Else the pipe stays open when the process dies, and this one would wait for ever.
    there.close()
    try:
        ended, answer = here.recv()
        process.join(GRACE)
    except (EOFError, OSError) as error:
        # Gone before its answer, or in the midst of it.
        process.join(GRACE)
        message = f"the process that counts words ended with status {process.exitcode}"
        raise WordCountDied(message) from error
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()
    if ended == "error":
        raise EmotionCardsError.from_code(*answer)
    result: R = answer
    return result


def _answer(
    there: Connection, function: Callable[..., Any], arguments: Any, named: dict[str, Any]
) -> None:
    """Send what the function returns, or its named error; anything else ends the process."""
    # Ctrl-C reaches all processes of a terminal: the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    try:
        there.send(("done", function(*arguments, **named)))
    except EmotionCardsError as error:
        there.send(("error", (error.code, error.line)))
    finally:
        there.close()
