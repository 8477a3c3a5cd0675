"""Memory peaks."""

from __future__ import annotations

import os
import subprocess
import sys

from cli.memory import MemoryPeaks, resident


def test_a_process_has_memory_and_one_that_is_gone_has_none() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert resident(os.getpid()) > 1_000_000
    assert resident(gone.pid) == 0


def test_a_peak_stays_when_the_process_is_gone() -> None:
    here = [os.getpid()]
    groups = {"a": here, "both": here * 2}
    memory = MemoryPeaks(lambda: groups)
    memory.sample()
    peak = memory.peaks["a"]
    groups["a"] = []
    memory.sample()
    assert memory.peaks["a"] == peak > 0
    assert list(memory.peaks) == ["both", "a"]


def test_sampling_ends_with_the_block() -> None:
    looks = 0

    def groups() -> dict[str, list[int]]:
        nonlocal looks
        looks += 1
        return {}

    with MemoryPeaks(groups) as memory:
        pass
    memory.sample()
    assert looks == 1
