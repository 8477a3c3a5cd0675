"""Stores that are full, hang, or go away while an analysis runs."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import flow_runs
import pytest
from redis import Redis

from deployments.local.stack import LocalStack
from domain.errors import Fault, PageNotFound, RequestCancelled, StoreUnavailable
from domain.requests import RequestStatus
from domain.reviews import SourceBatch, build_review
from settings import Settings
from storage.mongo.card_jobs import claim_cards, cut_chunk
from storage.mongo.crawl_jobs import claim_crawl, commit_batch, open_analysis
from storage.mongo.leases import give_back
from storage.postgres.acceptance import accept_request, find_by_key
from storage.postgres.requests import get_request, move_request
from storage.redis.client import close_clients
from tasks.endings import cancel_request
from tasks.intake import leave_request
from tasks.invariants import check_analysis


@pytest.fixture
def location(tmp_path: Path) -> str:
    path = tmp_path / "some.jsonl"
    rows = [{"id": n, "text": f"포장이 좋아요 {n}", "rating": 5} for n in range(600)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_a_full_redis_fails_nothing(settings: Settings, location: str) -> None:
    from flows.analysis import analyze_product

    redis = Redis.from_url(settings.redis.dsn.get_secret_value() if settings.redis.dsn else "")
    redis.config_set("maxmemory", 1)
    try:
        assert analyze_product(location)["status"] == "completed"
    finally:
        redis.config_set("maxmemory", 0)
        redis.close()
        close_clients()


def test_a_redis_that_hangs_holds_nobody_up(
    settings: Settings, stack: LocalStack, location: str
) -> None:
    (pid,) = stack.process_ids()["Valkey"][:1]
    os.kill(pid, signal.SIGSTOP)
    try:
        ran = flow_runs.run("analyze-product", location=location)
    finally:
        os.kill(pid, signal.SIGCONT)
        close_clients()
    assert ran.answer.get("status") == "completed", ran.log


def test_mongo_away_for_a_while_is_waited_for(
    settings: Settings, stack: LocalStack, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_MONGO__TIMEOUT", "1")
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "20")
    process = flow_runs.start("analyze-product", location=location, idempotency_key="away")
    task_id = str(flow_runs.wait_for(lambda: find_by_key(settings.postgres, "away")))
    (pid,) = stack.process_ids()["MongoDB"][:1]
    os.kill(pid, signal.SIGSTOP)
    time.sleep(8)
    os.kill(pid, signal.SIGCONT)
    first = flow_runs.finish(process)
    if first.returncode:
        assert first.answer["error"] == "store_unavailable"
        assert not get_request(settings.postgres, task_id).terminal
    resumed = flow_runs.run("analyze-product", task_id=task_id)
    assert resumed.answer.get("status") == "completed", resumed.log
    assert all(finding.ok for finding in check_analysis(settings, task_id))


def crawled_request(settings: Settings, key: str, run_id: str | None = None) -> str:
    accepted = accept_request(
        settings.postgres,
        source="file",
        external_key="/x",
        name="x",
        spec={"location": "/x"},
        idempotency_key=key,
        run_id=run_id,
    )
    open_analysis(settings.mongo, accepted.task_id, accepted.product_id)
    return accepted.task_id


def test_stages_of_an_ended_request_end(settings: Settings) -> None:
    from flows.cards import generate_cards
    from flows.queueing import queue_reviews

    cancelled = crawled_request(settings, "a")
    crawl_ten(settings, cancelled)
    cancel_request(settings, cancelled)
    for stage in (queue_reviews, generate_cards):
        with pytest.raises(RequestCancelled):
            stage(cancelled)
    failed = crawled_request(settings, "b")
    crawl_ten(settings, failed)
    # Killed between the move and what follows it: a stage finishes the ending.
    move_request(settings.postgres, failed, RequestStatus.FAILED, error=("page_not_found", "gone"))
    for _ in range(2):
        with pytest.raises(PageNotFound, match="gone"):
            generate_cards(failed)
    with pytest.raises(PageNotFound, match="gone"):
        queue_reviews(failed)


def crawl_ten(settings: Settings, task_id: str) -> None:
    job = claim_crawl(settings.mongo, task_id, "w", 30)
    assert job is not None
    now = datetime(2026, 6, 1, tzinfo=UTC)
    reviews = [build_review(review_id=str(n), text="좋아요", now=now) for n in range(10)]
    commit_batch(settings.mongo, job, SourceBatch(tuple(reviews), cursor={"n": 1}))


def test_a_fault_of_ours_ends_the_request(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import analysis

    def broken(_task_id: str) -> int:
        raise KeyError("nobody meant this")

    monkeypatch.setattr(analysis, "estimate_reviews", broken)
    with pytest.raises(Fault, match="KeyError: 'nobody meant this'"):
        analysis.analyze_product(location, idempotency_key="fault")
    request = get_request(settings.postgres, str(find_by_key(settings.postgres, "fault")))
    assert (request.status, request.error_code) == (RequestStatus.FAILED, Fault.code)


def test_a_store_that_was_away_is_not_held_against_the_reviews(settings: Settings) -> None:
    task_id = crawled_request(settings, "c")
    product_id = get_request(settings.postgres, task_id).product_id
    assert claim_crawl(settings.mongo, task_id, "w", 30) is not None
    assert cut_chunk(settings.mongo, task_id, product_id, 1)
    for _ in range(5):
        job = claim_cards(settings.mongo, task_id, "w", 30)
        assert job is not None
        assert job.lease.attempts == 1
        away = StoreUnavailable("away")
        give_back(settings.mongo, job.lease, away, delay=0, counted=False)


def test_leaving_a_shared_request_leaves_it_to_the_others(settings: Settings) -> None:
    task_id = crawled_request(settings, "ours", "mine")
    assert crawled_request(settings, "ours", "yours") == task_id
    assert leave_request("mine") is None
    assert leave_request("mine") is None
    assert leave_request("yours") == task_id
