"""kill -9 at three moments; the resumed result is the undisturbed one, byte for byte."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import flow_runs
import psutil
import pytest
from sqlalchemy import text

from domain.requests import RequestStatus
from reports.files import report_name
from settings import Settings
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.crawl_jobs import crawl_state
from storage.postgres.acceptance import find_by_key
from storage.postgres.engine import engine_for
from storage.postgres.requests import get_request
from storage.postgres.results import get_result
from tasks.invariants import check_analysis

WORDS = ["배송", "품질", "가격", "색상", "사이즈", "포장"]
ENDS = ["좋아요", "별로예요", "너무 비싸요", "빨라요", "실망했어요", "최고예요ㅎㅎ", "안 좋아요"]
ATTEMPTS = 5


@pytest.fixture
def location(tmp_path: Path) -> str:
    rng = random.Random(5)
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(2500):
            pairs = [(rng.choice(WORDS), rng.choice(ENDS)) for _ in range(2)]
            said = ". ".join(f"{word} {end}" for word, end in pairs)
            row = {"id": f"r{number}", "text": said, "rating": rng.randint(1, 5)}
            row["date"] = f"2026-0{rng.randint(1, 6)}-1{rng.randint(0, 9)}"
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return str(path)


def while_crawling(settings: Settings, task_id: str) -> bool:
    state = crawl_state(settings.mongo, task_id)
    return state is not None and state.collected > 0 and not state.ended


def while_making_cards(settings: Settings, task_id: str) -> bool:
    chunks = chunk_counts(settings.mongo, task_id)
    return chunks.cards > 300 and chunks.open_chunks > 0


def while_finishing(settings: Settings, task_id: str) -> bool:
    return get_request(settings.postgres, task_id).status is RequestStatus.FINALIZING


@contextmanager
def held_before_its_result(settings: Settings) -> Iterator[None]:
    """Let nobody write a result for a while: the last moment of a flow is a short one."""
    with engine_for(settings.postgres).connect() as held:
        held.execute(text("LOCK TABLE analysis_results IN SHARE MODE"))
        yield
        held.rollback()


def kill_when(settings: Settings, location: str, moment: Callable[[Settings, str], bool]) -> str:
    """Start an analysis and kill its whole process group at a moment; return the task_id.

    A machine may be too quick, or too busy, to see the moment: then the next run is tried.
    """
    for attempt in range(ATTEMPTS):
        key = f"{moment.__name__}-{attempt}"
        process = flow_runs.start("analyze-product", location=location, idempotency_key=key)
        task_id = str(flow_runs.wait_for(lambda key=key: find_by_key(settings.postgres, key)))
        if flow_runs.seen(process, lambda task_id=task_id: moment(settings, task_id)):
            assert flow_runs.kill(process) == ""
            assert process.returncode == -signal.SIGKILL
            assert not get_request(settings.postgres, task_id).terminal
            return task_id
        flow_runs.finish(process)
    raise TimeoutError(f"{moment.__name__} was never seen")


def numbers(settings: Settings, task_id: str) -> bytes:
    result = get_result(settings.postgres, task_id)
    both = {"numbers": result["numbers"], "coverage": result["coverage"]}
    return json.dumps(both, sort_keys=True, ensure_ascii=False).encode()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "moment",
    [
        while_making_cards,
        pytest.param(while_crawling, marks=pytest.mark.chaos),
        pytest.param(while_finishing, marks=pytest.mark.chaos),
    ],
)
def test_kill_and_resume(
    settings: Settings,
    location: str,
    monkeypatch: pytest.MonkeyPatch,
    moment: Callable[[Settings, str], bool],
) -> None:
    # Small batches: the moments to be hit last longer.
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "20")
    monkeypatch.setenv("EC_QUEUE__CHUNK_REVIEWS", "50")
    whole = flow_runs.run("analyze-product", location=location, idempotency_key="whole")
    assert whole.returncode == 0, whole.log
    undisturbed = numbers(settings, whole.answer["task_id"])

    held = held_before_its_result(settings) if moment is while_finishing else nullcontext()
    with held:
        task_id = kill_when(settings, location, moment)
    resumed = flow_runs.run("analyze-product", task_id=task_id)
    assert resumed.answer == {"task_id": task_id, "status": "completed"}, resumed.log
    assert numbers(settings, task_id) == undisturbed
    assert (settings.reports_dir / report_name(task_id)).is_file()
    findings = check_analysis(settings, task_id)
    assert [finding.detail for finding in findings if not finding.ok] == []
    assert len(findings) == 4


def test_a_dead_worker_is_relieved_by_the_living(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "20")
    first = flow_runs.start("analyze-product", location=location, idempotency_key="both")
    task_id = str(flow_runs.wait_for(lambda: find_by_key(settings.postgres, "both")))
    second = flow_runs.start("analyze-product", location=location, idempotency_key="both")
    flow_runs.wait_for(lambda: while_crawling(settings, task_id))
    flow_runs.kill(first)
    ended = flow_runs.finish(second)
    assert ended.answer == {"task_id": task_id, "status": "completed"}, ended.log
    assert all(finding.ok for finding in check_analysis(settings, task_id))


def test_a_killed_flow_leaves_no_process(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_ANALYSIS__LARGE_FROM", "100")
    process = flow_runs.start("analyze-product", location=location, idempotency_key="gone")
    task_id = str(flow_runs.wait_for(lambda: find_by_key(settings.postgres, "gone")))
    flow_runs.wait_for(lambda: chunk_counts(settings.mongo, task_id).cards, every=0.1)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    # The flow alone: what it started has to notice by itself.
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
