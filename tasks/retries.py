"""The one retry policy: transient errors, exponentially later, with jitter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff

from domain.errors import ProductBusy, TransientError

P = ParamSpec("P")
R = TypeVar("R")

#: Tries after the first; they come about 1, 2, 4 and 8 seconds apart, up to twice with jitter.
RETRIES = 4
FIRST_DELAY = 1
JITTER = 1.0


def is_transient(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell Prefect whether another try can help."""
    outcome = state.result(raise_on_failure=False)
    # An analysis that is in the way takes longer than any try here would wait.
    return isinstance(outcome, TransientError) and not isinstance(outcome, ProductBusy)


def retryable(name: str, *, retries: int = RETRIES) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a Prefect task under the retry policy."""
    return task(
        name=name,
        retries=retries,
        retry_delay_seconds=exponential_backoff(backoff_factor=FIRST_DELAY),
        retry_jitter_factor=JITTER,
        retry_condition_fn=is_transient,
        # Uniqueness in the stores makes a step safe to repeat; a cached outcome would only
        # hide that the stores have moved on.
        persist_result=False,
    )
