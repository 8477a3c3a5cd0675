"""prefect.yaml on a real server: registered twice, run by a worker with parameters."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deployments.deploy import deploy_all, deployment_names
from deployments.local.stack import LocalStack
from domain.requests import RequestStatus
from settings import Settings
from storage.postgres.requests import recent_requests
from tasks.invariants import check_analysis

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]


@pytest.fixture
def worker(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Run a process worker with this test's settings."""
    command = [*PREFECT, "worker", "start", "--pool", settings.prefect.work_pool, "--limit", "2"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=dict(os.environ, PREFECT_WORKER_QUERY_SECONDS="1"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        yield
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.mark.timeout(300)
def test_a_deployment_runs_on_a_worker(
    settings: Settings, stack: LocalStack, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for _ in range(2):
        assert deploy_all(settings) == deployment_names()
    api = str(stack.addresses.prefect_api_url)
    listed = httpx.post(f"{api}/deployments/filter", json={}).json()
    assert sorted(each["name"] for each in listed) == sorted(deployment_names())
    form = next(each for each in listed if each["name"] == "analyze-product")
    fields = form["parameter_openapi_schema"]["properties"]
    assert all(field["description"] for field in fields.values())

    request.getfixturevalue("worker")
    path = tmp_path / "few.jsonl"
    rows = [json.dumps({"id": n, "text": "색이 예뻐요", "rating": 5}) for n in range(20)]
    path.write_text("\n".join(rows), encoding="utf-8")
    parameters = json.dumps({"location": str(path), "max_reviews": 10})
    command = [*PREFECT, "deployment", "run", "analyze-product/analyze-product", "--watch"]
    done = subprocess.run(
        [*command, "--params", parameters], capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (ran,) = recent_requests(settings.postgres)
    assert ran.status is RequestStatus.PARTIAL
    assert ran.spec["max_reviews"] == 10
    assert all(finding.ok for finding in check_analysis(settings, ran.task_id))


def test_the_user_interface_is_served(settings: Settings, stack: LocalStack) -> None:
    address = str(stack.addresses.prefect_api_url).removesuffix("/api")
    page = httpx.get(address, follow_redirects=True)
    assert page.status_code == 200
    assert "<html" in page.text.lower()
