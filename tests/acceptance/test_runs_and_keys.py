"""Runs of one request: beside each other, below a parent, cancelled one by one."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import flow_runs
import pytest
from prefect import flow, get_client
from prefect.client.schemas.objects import FlowRun
from rich.console import Console

from cli.analysis_run import start_and_leave
from cli.flow_process import FlowProcess
from cli.orders import Order
from domain.errors import InvalidRequest
from domain.requests import RequestStatus
from settings import Settings
from storage.postgres.acceptance import find_by_key, run_key
from storage.postgres.requests import get_request, recent_requests
from tasks.intake import accept


def reviews_file(folder: Path, name: str, count: int) -> str:
    path = folder / name
    rows = ({"id": n, "text": f"배송이 빨라서 좋아요 {n}", "rating": 5} for n in range(count))
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def runs_of(location: str) -> list[FlowRun]:
    """Return the runs of `analyze-product` that were asked for the location, oldest first."""
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
    named = [run for run in runs if (run.parameters or {}).get("location") == location]
    analyses = [run for run in named if "asked_by" not in run.parameters]
    return sorted(analyses, key=lambda run: str(run.created))


def test_cancelling_one_of_two_runs_with_one_key_leaves_it_to_the_other(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.analysis import analyze_product, cancel_with_run

    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "1")
    location = reviews_file(tmp_path, "many.jsonl", 4000)
    asked = {"location": location, "idempotency_key": "nightly"}
    running = [flow_runs.start("analyze-product", **asked) for _ in range(2)]

    def both_are_known() -> list[FlowRun]:
        runs = runs_of(location)
        known = [run for run in runs if find_by_key(settings.postgres, run_key(str(run.id)))]
        return known if len(known) == 2 else []

    first, second = flow_runs.wait_for(both_are_known, every=0.2)
    task_id = str(find_by_key(settings.postgres, "nightly"))
    # What Prefect calls where a run is cancelled, with the run as its server knows it.
    cancel_with_run(analyze_product, first, first.state)
    assert not get_request(settings.postgres, task_id).terminal
    assert find_by_key(settings.postgres, "nightly") == task_id
    cancel_with_run(analyze_product, second, second.state)
    assert get_request(settings.postgres, task_id).status is RequestStatus.CANCELLED
    ended = [flow_runs.finish(process) for process in running]
    assert [each.answer.get("error") for each in ended] == ["request_cancelled"] * 2, ended[0].log


def test_a_parent_analyses_several_products(settings: Settings, tmp_path: Path) -> None:
    from flows.analysis import analyze_product
    from flows.intake import intake_request

    places = [reviews_file(tmp_path, f"{name}.jsonl", 5) for name in ("one", "two")]

    @flow
    def every_product() -> list[dict[str, Any]]:
        return [analyze_product(place) for place in places]

    @flow
    def every_intake() -> list[str]:
        return [intake_request(place) for place in places]

    ended = every_product()
    assert [each["status"] for each in ended] == ["completed", "completed"]
    for place, each in zip(places, ended, strict=True):
        (run,) = runs_of(place)
        # Under the key that a cancellation of the run looks for.
        assert find_by_key(settings.postgres, run_key(str(run.id))) == each["task_id"]
    taken_in = every_intake()
    assert len({each["task_id"] for each in ended} | set(taken_in)) == 4


def test_a_key_that_another_call_took_meanwhile_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    location = reviews_file(tmp_path, "few.jsonl", 5)
    order = Order(location=location, key="nightly", max_reviews=2)
    other = Order(location=location, key="nightly").spec
    assert other is not None
    logs = settings.data_dir / "logs"
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(start_and_leave, settings, order, Console(stderr=True, quiet=True))
        # The log is begun behind the look at the key, and seconds before the flow takes it.
        flow_runs.wait_for(lambda: logs.is_dir() and list(logs.glob("flow*")))
        accept.fn(other, "nightly", "another")
        with pytest.raises(InvalidRequest, match="max_reviews was unset, now 2"):
            call.result(60)
    assert len(recent_requests(settings.postgres)) == 1


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"location": "x.csv", "rating_max": 1}, "rating_max: Input should be greater than 1"),
        ({"location": "x.csv", "rating_max": 2000}, "less than or equal to 1000"),
        ({"location": "x.csv", "max_reviews": 0}, "max_reviews: "),
        ({"location": "x.csv", "colour": 1}, "colour"),
    ],
)
def test_parameters_that_no_flow_takes_are_refused_by_name(
    settings: Settings, parameters: dict[str, Any], told: str
) -> None:
    ran = flow_runs.run("analyze-product", **parameters)
    assert (ran.returncode, ran.answer.get("error")) == (1, "invalid_request"), ran.log
    assert told in ran.answer["message"]
    assert "Traceback" not in ran.log
    assert recent_requests(settings.postgres) == []


def test_the_command_learns_of_parameters_that_were_refused(settings: Settings) -> None:
    process = FlowProcess(settings, "analyze-product", {"location": "x", "rating_max": 2000})
    process.finish(60)
    error = process.error()
    assert (error.code, "rating_max" in error.line) == ("invalid_request", True)
