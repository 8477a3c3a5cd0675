"""Flows called in this process report to the stack's Prefect server, like all others."""

from __future__ import annotations

from collections.abc import Iterator

import flow_runs
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_LEVEL, temporary_settings

from deployments.local.stack import LocalStack


@pytest.fixture(autouse=True)
def prefect_server(request: pytest.FixtureRequest) -> Iterator[None]:
    if "settings" not in request.fixturenames:
        yield
        return
    stack: LocalStack = request.getfixturevalue("stack")
    address = str(stack.addresses.prefect_api_url)
    with temporary_settings({PREFECT_API_URL: address, PREFECT_LOGGING_LEVEL: "WARNING"}):
        yield


@pytest.fixture(autouse=True)
def no_flow_left_running() -> Iterator[None]:
    yield
    flow_runs.end_all()
