"""Stacks to test with: in folders of their own, and in processes that can be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from deployments.local.processes import ProcessRecord
from deployments.local.stack import LocalStack
from settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
#: Addresses that make a stack run Valkey alone: enough where it matters not what runs.
ELSEWHERE = {
    "EC_POSTGRES__DSN": "postgresql://nobody@127.0.0.1:1/none",
    "EC_MONGO__DSN": "mongodb://127.0.0.1:1/?replicaSet=none",
    "EC_KAFKA__BOOTSTRAP": "127.0.0.1:1",
}
#: What a program of a user's looks like.
PROGRAM = """
import json, sys, time
from pathlib import Path
from deployments.local.stack import LocalStack
from settings import Settings

with LocalStack(Path(sys.argv[1]), Settings(), with_prefect=False) as stack:
    print(json.dumps([stack.environment(), stack.process_ids()]), flush=True)
    time.sleep(300)
"""


@contextmanager
def open_folder(mode: int = 0o755) -> Iterator[Path]:
    """Give a folder that other users may enter, as pytest's own may not be."""
    folder = Path(tempfile.mkdtemp(prefix="ec-stack-"))
    folder.chmod(mode)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def servers_only(data_dir: Path) -> LocalStack:
    """Return a stack without Prefect, which takes seconds to start."""
    return LocalStack(data_dir, Settings(data_dir=data_dir), with_prefect=False)


def records(process_ids: Mapping[str, list[int]]) -> list[ProcessRecord]:
    """Return records by which processes are found again, or found gone."""
    known = []
    for name, pids in process_ids.items():
        for pid in pids:
            # PostgreSQL's helpers come and go.
            with suppress(psutil.NoSuchProcess):
                known.append(ProcessRecord.of(name, pid))
    return known


def alive(known: list[ProcessRecord]) -> list[str]:
    """Return the names of those that still run."""
    return [record.name for record in known if record.find()]


class Supervisor:
    """A process that runs a stack."""

    def __init__(
        self,
        data_dir: Path,
        *,
        variables: Mapping[str, str] | None = None,
        through: Sequence[str] = (),
        wait: bool = True,
    ) -> None:
        skipped = ("EC_", "PYTHONDONTWRITEBYTECODE")
        own = {name: value for name, value in os.environ.items() if not name.startswith(skipped)}
        own["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix) / "bytecode")
        self.process = subprocess.Popen(
            [*through, sys.executable, "-c", PROGRAM, str(data_dir)],
            env={**own, "EC_DATA_DIR": str(data_dir), **(variables or {})},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.environment: dict[str, str] = {}
        self.servers: list[ProcessRecord] = []
        self._wait = wait

    def _read(self) -> None:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.environment, process_ids = json.loads(line)
        self.servers = records(process_ids)

    def end(self, signal_number: signal.Signals, seconds: float = 20) -> int:
        """Send a signal; return the exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(seconds)

    def __enter__(self) -> Supervisor:
        with ExitStack() as undo:
            undo.push(self.__exit__)
            if self._wait:
                self._read()
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=20)
