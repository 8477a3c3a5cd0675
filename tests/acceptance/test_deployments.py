"""prefect.yaml on a real server: registered twice, run by a worker with parameters."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import flow_runs
import httpx
import pytest
from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType

from demo.shop import DemoShop
from deployments.deploy import DeploymentRefused, deploy_all, deployment_names
from deployments.local.stack import LocalStack
from domain.requests import RequestStatus
from settings import Settings
from storage.postgres.requests import recent_requests
from tasks.invariants import check_analysis

PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]


@pytest.fixture
def slow_shop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A product of twelve pages, one in five seconds: long enough to be cancelled."""
    with DemoShop() as shop:
        host = shop.url.removeprefix("http://")
        monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", json.dumps([host]))
        monkeypatch.setenv("EC_CRAWL__REQUESTS_PER_SECOND", "0.2")
        yield shop.products[0].url


@contextmanager
def worker(settings: Settings, folder: Path) -> Iterator[None]:
    """Run a process worker with this test's settings."""
    command = [*PREFECT, "worker", "start", "--pool", settings.prefect.work_pool, "--limit", "2"]
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            # Told to stop, it leaves temporary folders behind.
            env=dict(os.environ, PREFECT_WORKER_QUERY_SECONDS="1", TMPDIR=str(folder)),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(90)


@pytest.mark.timeout(400)
def test_deployments_run_and_are_cancelled_on_a_worker(
    settings: Settings, tmp_path: Path, slow_shop: str
) -> None:
    assert deploy_all(settings) == deployment_names()
    assert pools_in_use() == {"emotion-cards"}
    # The setting is the one word on the pool: of the deployments, of the worker, and in the file.
    prefect = settings.prefect.model_copy(update={"work_pool": "elsewhere"})
    settings = settings.model_copy(update={"prefect": prefect})
    for _ in range(2):
        assert deploy_all(settings) == deployment_names()
    assert pools_in_use() == {"elsewhere"}
    with get_client(sync_client=True) as client:
        listed = client.read_deployments()
    assert sorted(each.name for each in listed) == sorted(deployment_names())
    form = next(each for each in listed if each.name == "analyze-product")
    fields = (form.parameter_openapi_schema or {})["properties"]
    assert all(field["description"] for field in fields.values())
    with worker(settings, tmp_path):
        check_a_parameterised_run(settings, tmp_path)
        check_a_cancelled_run(settings, slow_shop)


def pools_in_use() -> set[str | None]:
    """Return the work pools of the registered deployments."""
    with get_client(sync_client=True) as client:
        return {each.work_pool_name for each in client.read_deployments()}


def run_deployment(*options: str, **parameters: object) -> None:
    command = [*PREFECT, "deployment", "run", "analyze-product/analyze-product", *options]
    subprocess.run(
        [*command, "--params", json.dumps(parameters)], capture_output=True, check=True, timeout=200
    )


def check_a_parameterised_run(settings: Settings, folder: Path) -> None:
    path = folder / "few.jsonl"
    rows = [json.dumps({"id": n, "text": "색이 예뻐요", "rating": 5}) for n in range(20)]
    path.write_text("\n".join(rows), encoding="utf-8")
    run_deployment("--watch", location=str(path), max_reviews=10)
    (ran,) = recent_requests(settings.postgres)
    assert ran.status is RequestStatus.PARTIAL
    assert ran.spec["max_reviews"] == 10
    assert all(finding.ok for finding in check_analysis(settings, ran.task_id))


def check_a_cancelled_run(settings: Settings, location: str) -> None:
    run_deployment(location=location)
    flow_runs.wait_for(lambda: len(recent_requests(settings.postgres)) == 2, every=0.2)
    run_id = flow_runs.wait_for(running, every=0.5)[0]
    subprocess.run([*PREFECT, "flow-run", "cancel", run_id], capture_output=True, check=True)

    def cancelled() -> bool:
        return recent_requests(settings.postgres)[0].status is RequestStatus.CANCELLED

    assert flow_runs.wait_for(cancelled, seconds=90, every=0.5)


def running() -> list[str]:
    """Return the ids of the analyses that run on a worker."""
    running_now = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    analyses = FlowFilter(name=FlowFilterName(any_=["analyze-product"]))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_filter=analyses, flow_run_filter=FlowRunFilter(state=running_now)
        )
    return [str(run.id) for run in runs if run.deployment_id is not None]


def test_a_pool_of_another_type_is_told_by_name(settings: Settings) -> None:
    pool = f"cluster-{uuid4().hex[:8]}"
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=pool, type="kubernetes"))
    prefect = settings.prefect.model_copy(update={"work_pool": pool})
    with pytest.raises(DeploymentRefused, match=f"'{pool}' is of type 'kubernetes'") as caught:
        deploy_all(settings.model_copy(update={"prefect": prefect}))
    assert "EC_PREFECT__WORK_POOL" in caught.value.line
    assert pool not in pools_in_use()


def test_the_user_interface_is_served(settings: Settings, stack: LocalStack) -> None:
    address = str(stack.addresses.prefect_api_url).removesuffix("/api")
    page = httpx.get(address, follow_redirects=True)
    assert page.status_code == 200
    assert "<html" in page.text.lower()


def test_pages_of_others_may_not_start_runs(settings: Settings, stack: LocalStack) -> None:
    asked = f"{stack.addresses.prefect_api_url}/deployments/filter"
    foreign = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    wanted = {"Access-Control-Request-Headers": "content-type"}
    preflight = httpx.options(asked, headers=foreign | wanted)
    assert preflight.status_code == 400
    # Without a preflight a page can send plain text, but knows no token.
    plain = httpx.post(asked, content="{}", headers={**foreign, "Content-Type": "text/plain"})
    assert plain.status_code == 403
    assert "access-control-allow-origin" not in plain.headers
