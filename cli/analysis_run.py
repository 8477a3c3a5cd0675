"""One analysis from here: its flow started, its task_id learned, its progress shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from rich.console import Console

from cli.flow_process import FlowProcess
from cli.following import follow, has_ended
from cli.orders import Order, Rebuild
from cli.screens import Screen
from domain.specs import Difference
from storage.mongo.sessions import session_open
from storage.postgres.acceptance import known_below, known_under
from storage.postgres.requests import get_request
from tasks.missing_keywords import still_to_find
from tasks.progress import Progress

if TYPE_CHECKING:
    from settings import Settings

#: Seconds between two looks whether the request is accepted.
POLL = 0.2
#: Seconds the flow may take, after the analysis ended, for its report, its events and its keywords.
LAST_STEPS = 300.0


class Accepted(NamedTuple):
    """The analysis that answers an order."""

    task_id: str
    #: Of an analysis that was under way already: what it was asked otherwise than the order.
    differences: tuple[Difference, ...] = ()


@contextmanager
def flow_at_work(settings: Settings, order: Order | Rebuild, console: Console) -> Iterator[Run]:
    """Run the flow of an order in a process beside the block; it does not outlive the block."""
    key = order.key or f"cards:{uuid4()}"
    # A store that is away, or a key of other words, is told at once, not by the flow.
    known_under(settings.postgres, key, order.spec)
    flow = FlowProcess(settings, order.flow, order.parameters(key))
    try:
        yield Run(settings, flow, _accepted(settings, order, key, flow, console))
    finally:
        # Already gone where all went well.
        flow.stop()


def start_and_leave(settings: Settings, order: Order | Rebuild, console: Console) -> Accepted:
    """Start the flow of an order, left to itself once accepted."""
    key = order.key or f"cards:{uuid4()}"
    known_under(settings.postgres, key, order.spec)
    flow = FlowProcess(settings, order.flow, order.parameters(key), left_to_itself=True)
    left = False
    try:
        accepted = _accepted(settings, order, key, flow, console)
        left = True
    finally:
        if not left:
            flow.stop()
    return accepted


def _accepted(
    settings: Settings, order: Order | Rebuild, key: str, flow: FlowProcess, console: Console
) -> Accepted:
    """Return the analysis once the request is accepted.

    Raises:
        InvalidRequest: another call with the key and other words was faster.
        EmotionCardsError: the flow's own error, where it ended before.
        StoreUnavailable: PostgreSQL is away.
    """
    if order.task_id is not None:
        return Accepted(order.task_id)
    with console.status("starting the flow …"):
        while True:
            # Asked before the look: a flow that ended may have been accepted before.
            running = flow.running
            known = known_under(settings.postgres, key, order.spec)
            if known is not None:
                return Accepted(known.task_id, known.differences)
            if not running:
                raise flow.error()
            time.sleep(POLL)


class Run:
    """A flow at work on an analysis."""

    def __init__(self, settings: Settings, flow: FlowProcess, accepted: Accepted) -> None:
        self._settings = settings
        self.flow = flow
        self.task_id = accepted.task_id
        self.differences = accepted.differences

    def watch(self, screen: Screen, console: Console) -> Progress:
        """Show the analysis to its end, and wait for its last steps; return how it ended.

        Raises:
            EmotionCardsError: the flow ended and left the analysis open; why.
        """
        progress = follow(self._settings, self.task_id, screen, lambda: self.flow.running)
        if not has_ended(progress):
            raise self.flow.error()
        wait_for_last_steps(self.flow, self.task_id, console)
        return progress


def wait_for_last_steps(flow: FlowProcess, task_id: str, console: Console) -> None:
    """Wait until a flow has ended that has done what matters; say so where it is stopped."""
    with console.status("the result is written; its report and keywords …"):
        in_time = flow.finish(LAST_STEPS)
    if not in_time:
        line = (
            f"The analysis has ended, but its last steps took more than {LAST_STEPS:.0f} s and "
            f"were stopped; `cards analyze --resume {task_id}` takes them up again"
        )
        console.print(line, style="yellow", markup=False, soft_wrap=True)


def watch_parts(
    settings: Settings,
    flow_name: str,
    parameters: dict[str, Any],
    key: str | None,
    screen: Callable[[], Screen],
) -> list[str]:
    """Run a flow that makes one analysis after another, and show each; return them all.

    Each is known under the key, a colon and a name of its own.

    Raises:
        EmotionCardsError: the flow's own error, or that it died.
    """
    key = key or f"cards:{uuid4()}"
    flow = FlowProcess(settings, flow_name, {**parameters, "idempotency_key": key})
    parts: list[str] = []
    try:
        while True:
            # Asked before the look: a flow that ended may have begun one more.
            running = flow.running
            for task_id in known_below(settings.postgres, key, skip=len(parts)):
                parts.append(task_id)
                follow(settings, task_id, screen(), lambda: flow.running)
            if not running:
                break
            time.sleep(POLL)
        if not flow.ended_well:
            raise flow.error()
        return parts
    finally:
        flow.stop()


def is_over(settings: Settings, task_id: str) -> bool:
    """Whether the analysis has ended, was shown and has its keywords: nothing is left to do."""
    request = get_request(settings.postgres, task_id)
    if not (request.terminal and request.has_result):
        return request.terminal
    return not (session_open(settings.mongo, task_id) or still_to_find(settings, task_id))
