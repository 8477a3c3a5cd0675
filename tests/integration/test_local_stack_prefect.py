"""Prefect's server and a worker on the embedded stack."""

from __future__ import annotations

import os
import subprocess
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest
from local_stacks import alive, open_folder, records

from deployments.local.http_probe import http_status
from deployments.local.processes import MARK
from deployments.local.stack import LocalStack
from settings import Settings

#: Not needed here; the worker is told where they would be.
ELSEWHERE = {
    "EC_MONGO__DSN": "mongodb://127.0.0.1:1/?replicaSet=none",
    "EC_KAFKA__BOOTSTRAP": "127.0.0.1:1",
    "EC_REDIS__DSN": "redis://127.0.0.1:1/0",
    "EC_PREFECT__WORK_POOL": "test-pool",
}


def body(url: str) -> str:
    """Return what a GET gives."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", parts.path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_prefect_runs_on_postgres_with_a_ui_and_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)
    # A user's own server must not draw the stack's processes to it.
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("PREFECT_API_KEY", "of-another-server")
    with open_folder() as folder:
        stack = LocalStack(folder, Settings(data_dir=folder), with_worker=True)
        with stack:
            api_url = str(stack.addresses.prefect_api_url)
            assert http_status(f"{api_url}/health") == 200
            assert f'"api_url":"{api_url}"' in body(api_url.removesuffix("/api") + "/ui-settings")
            assert '"name":"test-pool"' in body(f"{api_url}/work_pools/test-pool")
            assert (folder / "worker" / "runner_storage").is_dir()
            assert stack.environment()["PREFECT_API_URL"] == api_url
            assert stack.environment()["PREFECT_HOME"] == str(folder / "prefect")
            dsn = str(stack.addresses.postgres_dsn).replace("/emotion_cards", "/prefect")
            with psycopg.connect(dsn) as connection:
                row = connection.execute("SELECT count(*) FROM work_pool").fetchone()
                assert row == (1,)
            stray = flow_run_without_a_worker(stack)
            known = records(stack.process_ids())
            began = time.monotonic()
        assert alive(known) == []
        assert stray.wait(5) < 0
        assert time.monotonic() - began < 25


def flow_run_without_a_worker(stack: LocalStack) -> subprocess.Popen[bytes]:
    """Start what a killed worker would leave behind: a process with its environment."""
    environment = {**os.environ, MARK: stack._journal.stack_id}
    return subprocess.Popen(["sleep", "300"], env=environment, start_new_session=True)
