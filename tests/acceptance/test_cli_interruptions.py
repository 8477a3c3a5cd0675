"""Stopped, killed, left alone, cancelled: `cards` says so, and what can go on goes on."""

from __future__ import annotations

import json
import random
import signal
from pathlib import Path

import flow_runs
import psutil
import pytest
from cards_command import cards, finish, start

from settings import Settings
from storage.mongo.crawl_jobs import crawl_state
from storage.postgres.acceptance import find_by_key
from storage.postgres.requests import recent_requests

WORDS = ["배송", "품질", "가격", "색상", "사이즈", "포장"]
ENDS = ["좋아요", "별로예요", "너무 비싸요", "빨라요", "실망했어요", "최고예요ㅎㅎ", "안 좋아요"]
REVIEWS = 6000


@pytest.fixture
def location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> str:
    """Return a file whose analysis takes some seconds: many small batches."""
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "20")
    monkeypatch.setenv("EC_QUEUE__CHUNK_REVIEWS", "50")
    dice = random.Random(5)
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(REVIEWS):
            text = f"{dice.choice(WORDS)} {dice.choice(ENDS)}. {dice.choice(WORDS)} 그저 그래요"
            row = {"id": f"r{number}", "text": text, "rating": dice.randint(1, 5)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return str(path)


def crawling(settings: Settings) -> str | None:
    """Return the task_id of the analysis once it is in the middle of its crawl."""
    for request in recent_requests(settings.postgres):
        state = crawl_state(settings.mongo, request.task_id)
        if state is not None and state.collected > 100 and not state.ended:
            return request.task_id
    return None


def flow_below(pid: int) -> psutil.Process:
    """Return the flow's process that the command has started."""
    return next(child for child in psutil.Process(pid).children() if "flows" in child.cmdline())


def test_a_stopped_analysis_goes_on_where_it_was(settings: Settings, location: str) -> None:
    process = start("analyze", location)
    task_id = flow_runs.wait_for(lambda: crawling(settings))
    flow = flow_below(process.pid)
    process.send_signal(signal.SIGINT)
    stopped = finish(process)
    assert (stopped.code, stopped.out) == (130, "")
    assert f"cards analyze --resume {task_id}" in stopped.err
    assert not flow.is_running()

    resumed = cards("analyze", "--resume", task_id[:6], "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.document["numbers"]["cards"] == REVIEWS
    assert cards("check", task_id).code == 0


def test_a_killed_flow_is_told_with_the_way_on(settings: Settings, location: str) -> None:
    process = start("analyze", location)
    task_id = flow_runs.wait_for(lambda: crawling(settings))
    flow_below(process.pid).kill()
    ended = finish(process)
    assert (ended.code, ended.out) == (75, "")
    assert "flow_died: the flow ended by signal 9" in ended.err
    assert f"cards analyze --resume {task_id}" in ended.err
    checked = cards("check", task_id)
    assert checked.code == 1
    assert "it is crawling" in checked.out
    # No result yet, and that is no failure of the analysis.
    assert cards("result", task_id).code == 3


def test_an_analysis_left_alone_is_watched_and_cancelled(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So slow that it is still under way when the commands below have started.
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "5")
    left = cards("analyze", location, "--no-watch", "--json")
    assert left.code == 0, left.err
    task_id = left.document["task_id"]
    flow_runs.wait_for(lambda: crawling(settings) == task_id)
    watching = start("watch", task_id)
    done = cards("cancel", task_id, "--json")
    assert done.document == {"task_id": task_id, "status": "cancelled", "cancelled_now": True}
    watched = finish(watching)
    assert watched.code == 5
    assert "request_cancelled" in watched.err
    assert cards("cancel", task_id).code == 0
    assert cards("analyze", "--resume", task_id).code == 5
    # The flow finds out by itself and ends.
    flow_runs.wait_for(lambda: not flows_with(location), every=0.2)


def test_who_joins_an_analysis_under_way_is_told_what_it_does(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "1")
    left = cards("analyze", location, "--no-watch", "--json", "--key", "k1")
    task_id = left.document["task_id"]
    assert left.document["asked_otherwise"] == []
    refused = cards("analyze", location, "--key", "k1", "--max-reviews", "10")
    assert refused.code == 2, refused.err
    assert "max_reviews was unset, now 10" in refused.err

    joined = cards("analyze", location, "--no-watch", "--json", "--rating-max", "10")
    assert joined.document["task_id"] == task_id
    told = [{"field": "rating_max", "present": None, "asked": 10.0}]
    assert joined.document["asked_otherwise"] == told
    watching = start("analyze", location, "--max-reviews", "10", "--key", "k2")
    flow_runs.wait_for(lambda: find_by_key(settings.postgres, "k2") == task_id, every=0.1)
    again = cards("analyze", location, "--no-watch", "--key", "k1")
    assert (again.code, again.out) == (0, f"{task_id}\n")
    assert "joined" not in again.err
    # Whoever watches reads it before the progress; the analysis goes on as it was asked.
    cards("cancel", task_id)
    watched = finish(watching)
    words = "joined an analysis already under way; it was asked with max_reviews=unset, not 10"
    assert watched.err.count(words) == 1
    assert watched.code == 5
    flow_runs.wait_for(lambda: not flows_with(location), every=0.2)


def flows_with(location: str) -> list[int]:
    """Return the processes that have the location on their command line."""
    lines = ((each.pid, each.info["cmdline"]) for each in psutil.process_iter(["cmdline"]))
    return [pid for pid, line in lines if line and location in " ".join(line)]
