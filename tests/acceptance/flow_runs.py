"""Flows as users run them: in a process of their own, which may be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow's process ended."""

    returncode: int
    answer: dict[str, Any]
    log: str


def start(flow: str, /, **parameters: Any) -> subprocess.Popen[str]:
    """Start a flow with the settings of this process's environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows", flow, json.dumps(parameters)],
        cwd=PROJECT,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


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
