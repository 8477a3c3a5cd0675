"""Functions in a process of their own: their answers, their errors, their deaths."""

from __future__ import annotations

import os
import signal

import pytest

from domain.errors import StoreUnavailable, WordCountDied
from tasks.side_process import run_aside


def where(number: int, *, twice: bool) -> tuple[int, int]:
    return os.getpid(), 2 * number if twice else number


def away() -> None:
    raise StoreUnavailable("no MongoDB")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_answer_comes_from_another_process_that_is_gone() -> None:
    pid, number = run_aside(where, 21, twice=True)
    assert number == 42
    assert pid != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_named_error_is_raised_here() -> None:
    with pytest.raises(StoreUnavailable, match="no MongoDB"):
        run_aside(away)


def test_a_process_that_dies_is_told_by_name() -> None:
    with pytest.raises(WordCountDied, match="status -9"):
        run_aside(die)
