"""Functions in a process of their own: their answers, their errors, their deaths."""

from __future__ import annotations

import inspect
import os
import signal
import struct

import pytest

from domain.errors import StoreUnavailable, WordCountDied
from tasks.side_process import run_aside


def where(number: int, *, twice: bool) -> tuple[int, int]:
    return os.getpid(), 2 * number if twice else number


def away() -> None:
    raise StoreUnavailable("no MongoDB")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_telling() -> None:
    """Begin a message of a thousand bytes to the parent, and be killed after ten."""
    caller = inspect.stack()[1].frame
    there = caller.f_locals["there"]
    os.write(there.fileno(), struct.pack("!i", 1000) + bytes(10))
    die()


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


def test_a_process_that_dies_in_the_midst_of_its_answer_is_told_by_name() -> None:
    with pytest.raises(WordCountDied, match="status -9"):
        run_aside(die_while_telling)
