"""Flows as users run them: in a process of their own, which may be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
_started: list[subprocess.Popen[str]] = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow's process ended."""

    returncode: int
    answer: dict[str, Any]
    log: str


def start(flow: str, /, **parameters: Any) -> subprocess.Popen[str]:
    """Start a flow with the settings of this process's environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", flow, json.dumps(parameters)],
        cwd=PROJECT,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _started.append(process)
    return process


def end_all() -> None:
    """Kill what a failed test left running, so that the next one is not blamed for it."""
    while _started:
        process = _started.pop()
        if process.returncode is None:
            kill(process)


def kill(process: subprocess.Popen[str]) -> str:
    """Kill a flow with all it started; return what it had answered."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.communicate()[0]


def finish(process: subprocess.Popen[str], timeout: float = 120) -> Outcome:
    """Wait for a flow; its answer is its last line, on the stream that fits."""
    out, log = process.communicate(timeout=timeout)
    source = out if process.returncode == 0 else log
    lines = [line for line in source.splitlines() if line.startswith(("{", '"'))]
    answer = json.loads(lines[-1]) if lines else {}
    return Outcome(process.returncode, answer if isinstance(answer, dict) else {}, log)


def run(flow: str, /, **parameters: Any) -> Outcome:
    """Run a flow to its end."""
    return finish(start(flow, **parameters))


def wait_for(condition: Callable[[], Any], *, seconds: float = 60, every: float = 0.005) -> Any:
    """Return the first true value of a condition.

    Raises:
        TimeoutError: it stayed false.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise TimeoutError("the condition did not come true")


def seen(process: subprocess.Popen[str], condition: Callable[[], Any]) -> bool:
    """Tell whether a condition came true while the process was there to be killed."""
    wait_for(lambda: condition() or process.poll() is not None)
    return process.poll() is None
