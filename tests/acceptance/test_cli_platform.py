"""`cards demo`, `up` and `down`: everything comes up, and nothing stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import flow_runs
import psutil
import pytest
from cards_command import cards, finish, start

from deployments.local.stack import running_stack

#: Small, in Korean, its pages in EUC-KR.
PRODUCT = "napa-kimchi"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Return a data folder that the servers' own user may enter too."""
    path = Path(tempfile.mkdtemp(prefix="ec-cards-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the addresses of other tests' servers out of the environment."""
    for name in [name for name in os.environ if name.startswith(("EC_", "PREFECT_"))]:
        monkeypatch.delenv(name)


def left_behind(folder: Path) -> list[str]:
    """Return the processes that have the folder on their command line or work in it."""
    found = []
    for process in psutil.process_iter(["cmdline", "name"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.timeout(300)
def test_the_demo_runs_the_main_job_and_leaves_nothing(folder: Path) -> None:
    done = cards("demo", "--json", "--product", PRODUCT, "--data-dir", str(folder))
    assert done.code == 0, done.err
    [analysis] = done.document["analyses"]
    assert (analysis["status"], analysis["reviews"]) == ("completed", 80)
    assert [finding["ok"] for finding in analysis["findings"]] == [True] * 4
    assert analysis["reviews_per_second"] > 0
    assert Path(analysis["report"]).is_relative_to(folder / "demo" / "reports")
    peaks = done.document["peak_memory_mb"]
    assert {"PostgreSQL", "MongoDB", "Valkey", "flow"} <= peaks.keys()
    assert all(size > 0 for size in peaks.values())
    assert left_behind(folder) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.chaos),
    ],
)
def test_a_stopped_demo_leaves_nothing(folder: Path, number: signal.Signals, code: int) -> None:
    process = start("demo", "--data-dir", str(folder))
    flow_runs.wait_for(lambda: flows_below(process.pid), seconds=120, every=0.1)
    process.send_signal(number)
    done = finish(process)
    assert done.code == code, done.err
    assert running_stack(folder / "demo") is None
    assert left_behind(folder) == []


def flows_below(pid: int) -> list[psutil.Process]:
    return [each for each in psutil.Process(pid).children() if "flows" in each.cmdline()]


def test_a_demo_of_a_product_the_shop_does_not_have_starts_no_server(folder: Path) -> None:
    done = cards("demo", "--product", "nothing", "--data-dir", str(folder))
    assert done.code == 2
    assert PRODUCT in done.err
    assert "PostgreSQL" not in done.err


@pytest.mark.timeout(300)
def test_the_platform_stays_up_until_somebody_takes_it_down(folder: Path) -> None:
    data = folder / "demo"
    platform = start("up", "--no-worker", "--demo-shop", "--data-dir", str(data))
    try:
        said = read_until(platform, "cards analyze http://")
        assert "Prefect UI  http://127.0.0.1:" in said
        assert "analyze-product" in said
        assert ":***@" in said
        second = cards("up", "--data-dir", str(data))
        assert second.code == 69
        assert "stack_already_running" in second.err
        listed = cards_with(data, "status", "--json")
        assert listed.returncode == 0, listed.stderr
        down = cards("down", "--json", "--data-dir", str(data))
        assert {"PostgreSQL", "MongoDB", "Valkey", "Prefect"} <= set(down.document["stopped"])
        # It was asked to stop, and has: `make up` has no error to tell of.
        ended = finish(platform)
        assert (ended.code, ended.err.splitlines()[-1]) == (0, "stopped"), ended.err
    finally:
        platform.kill()
        platform.communicate()
    assert left_behind(folder) == []
    assert cards("down", "--data-dir", str(data)).out.startswith("Nothing was running")


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return what the process writes up to a line with the words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def cards_with(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a data folder, as in a second terminal."""
    os.environ["EC_DATA_DIR"] = str(data)
    try:
        process = start(*arguments)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
    finally:
        del os.environ["EC_DATA_DIR"]
