"""Stages that run side by side: when one cannot go on, the others stop waiting for it."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from domain.errors import EmotionCardsError


class CompanionFailed(EmotionCardsError):
    """A stage beside this one failed; its error is the one that counts."""


#: Set while stages run side by side; a stage that runs alone has none.
_stop: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar(
    "companions", default=None
)


def stop_with_companions() -> None:
    """End this stage if one beside it has failed.

    Raises:
        CompanionFailed: it has.
    """
    stop = _stop.get()
    if stop is not None and stop.is_set():
        raise CompanionFailed("a stage beside this one failed")


def side_by_side(*stages: Callable[[], Any]) -> None:
    """Run stages in threads with the caller's context; raise the first one's error."""
    stop = threading.Event()
    token = _stop.set(stop)
    errors: list[BaseException] = []

    def note(future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            errors.append(error)
            stop.set()

    try:
        with ThreadPoolExecutor(len(stages), thread_name_prefix="stage") as pool:
            for stage in stages:
                future = pool.submit(contextvars.copy_context().run, stage)
                future.add_done_callback(note)
    except BaseException:  # a termination signal is none of our errors; raised again
        # Told to terminate while the stages run: they end at their next look around.
        stop.set()
        raise
    finally:
        _stop.reset(token)
    own = [error for error in errors if not isinstance(error, CompanionFailed)]
    if own or errors:
        raise (own or errors)[0]
