"""Processes are found by identity, and end when they should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deployments.local.child import Child, Launch
from deployments.local.launcher import CANNOT_RUN
from deployments.local.postgres_cluster import clear_leftovers
from deployments.local.processes import MARK, ProcessRecord, end, is_alive, marked, wait_gone

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: "of-this-test"})
    yield process
    process.kill()
    process.wait()


def test_a_record_finds_its_process_and_no_other(sleeper: subprocess.Popen[bytes]) -> None:
    record = ProcessRecord.of("sleeper", sleeper.pid)
    found = record.find()
    assert found is not None
    assert found.pid == sleeper.pid
    assert replace(record, created=record.created - 3600).find() is None
    sleeper.kill()
    # Dead and not yet reaped is gone, too.
    assert wait_gone([found], 5) == []
    assert record.find() is None


def test_marked_processes_are_found_whoever_their_parent_is(
    sleeper: subprocess.Popen[bytes],
) -> None:
    while sleeper.poll() is None and psutil.Process(sleeper.pid).name() != "sleep":
        time.sleep(0.01)
    assert [process.pid for process in marked("of-this-test")] == [sleeper.pid]
    assert marked("of-another") == []


def test_end_kills_what_ignores_the_signal() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"{STUBBORN}; time.sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        stubborn = psutil.Process(process.pid)
        end([stubborn], signal.SIGTERM, 0.2)
        assert not is_alive(stubborn)
        assert process.wait(5) == -signal.SIGKILL


def test_a_child_runs_apart_from_the_terminal_and_leaves_a_log(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    script = "import os; print(os.getsid(0) == os.getpid(), os.getcwd(), flush=True)"
    command = [sys.executable, "-I", "-S", "-c", script]
    child = Child(Launch(command, log, dict(os.environ), directory=tmp_path), signal.SIGTERM)
    assert child.finish(10) == 0
    assert child.log_lines() == [f"True {tmp_path}"]


def test_a_program_that_cannot_be_run_says_so(tmp_path: Path) -> None:
    launch = Launch([str(tmp_path / "missing")], tmp_path / "log", dict(os.environ))
    child = Child(launch, signal.SIGTERM)
    assert child.finish(10) == CANNOT_RUN
    assert "No such file" in child.log_lines()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from deployments.local.child import Child, Launch\n"
        "launch = Launch(['/bin/sleep', '60'], Path(sys.argv[1]), {})\n"
        "print(Child(launch, 15).pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        while child.name() != "sleep":
            time.sleep(0.01)
        parent.kill()
    assert wait_gone([child], 5) == []


def test_a_stale_pid_file_never_costs_a_stranger_its_life(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    file = tmp_path / "postmaster.pid"
    file.write_text(f"{sleeper.pid}\n{tmp_path}\n")
    clear_leftovers(tmp_path)
    assert sleeper.poll() is None
    assert not file.exists()
    file.write_text("")
    clear_leftovers(tmp_path)
    assert not file.exists(), "PostgreSQL refuses to start over an empty one"
