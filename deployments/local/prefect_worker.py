"""A Prefect worker that runs flows in processes of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from deployments.local.child import Launch
from deployments.local.http_probe import http_status
from deployments.local.ports import HOST
from deployments.local.prefect_environment import process_environment
from deployments.local.server import Server, Site

#: Runs at once. More would only wait for each other on a small machine.
LIMIT = 4
#: Where prefect.yaml and the flows are.
PROJECT = Path(__file__).resolve().parents[2]
OK, NOT_FOUND = 200, 404


class PrefectWorker(Server):
    """Takes scheduled runs from the work pool, which it makes if there is none."""

    name = "Prefect worker"
    key = "worker"
    variable = "EC_PREFECT__API_URL"
    needs = frozenset({"prefect", "postgres", "mongo", "valkey", "tansu"})
    #: It waits for its flow runs, which may take hours; told to stop they report it and end in
    #: a second or two, and what they have not finished is resumed later.
    all_at_once: ClassVar[bool] = True
    #: Short, for a worker that had a run does not end by itself even when the run has.
    grace: ClassVar[float] = 6
    ready_within: ClassVar[float] = 120

    def __init__(self, site: Site, pool: str, environment: Callable[[], dict[str, str]]) -> None:
        super().__init__(site)
        self._pool = pool
        self._environment = environment

    def prepare(self) -> None:
        """Give it an empty folder for temporary files: what it leaves when killed goes there."""
        shutil.rmtree(self.site.folder(self.key))
        self.site.folder(self.key)

    def launch(self) -> Launch:
        """Run the worker with its health page, by which we see that it polls."""
        name = f"{socket.gethostname()}-{self.site.journal.stack_id[:8]}"
        command = [sys.executable, "-m", "prefect", "worker", "start"]
        command += ["--pool", self._pool, "--type", "process", "--limit", str(LIMIT)]
        command += ["--name", name, "--with-healthcheck"]
        return Launch(command, self.log, self._variables(), directory=PROJECT)

    def probe(self) -> bool:
        """Whether our worker polls a pool that exists."""
        if self.child is None or not self.child.listens_on(self.port):
            return False
        # A server that wants a login answers 401, and then the worker's word must do.
        pool = f"{self._environment()['PREFECT_API_URL']}/work_pools/{self._pool}"
        return http_status(f"{self.address()}/health") == OK and (
            http_status(pool) not in {None, NOT_FOUND}
        )

    def address(self) -> str:
        """Return the URL of the health page."""
        return f"http://{HOST}:{self.port}"

    def _variables(self) -> dict[str, str]:
        # The user's Prefect settings matter only on the way to a server of the user's.
        login = {name: value for name, value in os.environ.items() if name.startswith("PREFECT_")}
        ours = self._environment()
        return {
            **process_environment(self.site),
            **({} if "PREFECT_HOME" in ours else login),
            **ours,
            "TMPDIR": str(self.site.folder(self.key)),
            "PREFECT_WORKER_WEBSERVER_HOST": HOST,
            "PREFECT_WORKER_WEBSERVER_PORT": str(self.port),
        }
