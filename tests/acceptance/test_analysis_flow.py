"""The whole analysis on real servers: results, events, artifacts, ends of every kind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flow_runs
import httpx
import pytest
from confluent_kafka import Consumer

from demo.shop import DemoShop
from domain.errors import RequestNotFound
from domain.requests import RequestStatus
from reports.files import report_name
from settings import Settings, get_settings
from storage.mongo.emotion_cards import outcomes
from storage.mongo.quarantine import quarantined
from storage.postgres.acceptance import find_by_key
from storage.postgres.outbox import backlog
from storage.postgres.requests import get_request
from storage.postgres.results import get_result
from storage.redis.caches import cached_analysis
from storage.redis.progress import read_progress
from tasks.endings import cancel_request
from tasks.invariants import check_analysis


@pytest.fixture
def shop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoShop]:
    with DemoShop() as opened:
        host = opened.url.removeprefix("http://")
        monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", json.dumps([host]))
        monkeypatch.setenv("EC_CRAWL__REQUESTS_PER_SECOND", "200")
        get_settings.cache_clear()
        yield opened


def product(shop: DemoShop, slug: str) -> str:
    return next(item.url for item in shop.products if item.slug == slug)


def reviews_file(folder: Path, rows: list[dict[str, Any]], name: str = "reviews.jsonl") -> str:
    path = folder / name
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def assert_invariants(settings: Settings, task_id: str) -> None:
    findings = check_analysis(settings, task_id)
    assert [finding.invariant for finding in findings] == [1, 2, 3, 4]
    assert [finding.detail for finding in findings if not finding.ok] == []


def published(settings: Settings, topic: str) -> list[dict[str, Any]]:
    consumer = Consumer(
        {
            "bootstrap.servers": settings.kafka.bootstrap,
            "group.id": f"reader-of-{topic}",
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 1000,
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )
    consumer.subscribe([f"{settings.kafka.topic_prefix}.{topic}"])
    events = []
    try:
        for _ in range(20):
            message = consumer.poll(1.0)
            if message is not None and message.error() is None:
                events.append(json.loads(message.value() or b""))
            elif events:
                break
    finally:
        consumer.close()
    return events


def test_a_shop_page_becomes_cards_a_result_and_events(settings: Settings, shop: DemoShop) -> None:
    ran = flow_runs.run("analyze-product", location=product(shop, "wireless-earphones"))
    assert ran.returncode == 0, ran.log
    task_id = ran.answer["task_id"]
    assert ran.answer["status"] == "completed"
    assert_invariants(settings, task_id)

    result = get_result(settings.postgres, task_id)
    assert result["coverage"]["collected"] + result["coverage"]["duplicates"] >= 240
    assert result["coverage"]["whole"] is True
    assert result["numbers"]["failures"].keys() >= {"empty_text", "unsupported_language"}
    assert {row["aspect"] for row in result["numbers"]["aspects"]} >= {"price", "delivery"}
    assert len(result["numbers"]["weeks"]) > 10

    types = [event["type"] for event in published(settings, "analysis")]
    names = ["requested", "crawling", "analyzing", "finalizing", "completed"]
    assert types == [f"emotion-cards.analysis.{name}" for name in names]
    assert backlog(settings.postgres) == 0

    cached = cached_analysis(settings.redis, result["product_id"])
    assert cached is not None
    assert cached["numbers"] == result["numbers"]
    progress = read_progress(settings.redis, task_id)
    assert progress is not None
    assert (progress["status"], progress["cards"]) == ("completed", result["numbers"]["cards"])
    report = get_settings().reports_dir / report_name(task_id)
    assert "무선 이어폰" in report.read_text(encoding="utf-8")
    assert_artifacts(task_id)


def assert_artifacts(task_id: str) -> None:
    api = os.environ["PREFECT_API_URL"]
    for kind, words in {"result": "coverage", "progress": "", "report": "file:"}.items():
        found = httpx.get(f"{api}/artifacts/{kind}-{task_id}/latest").json()
        assert words in json.dumps(found).lower()


@pytest.mark.parametrize(
    "slug", ["trail-daypack", pytest.param("napa-kimchi", marks=pytest.mark.chaos)]
)
def test_other_products_of_the_shop(settings: Settings, shop: DemoShop, slug: str) -> None:
    ran = flow_runs.run("analyze-product", location=product(shop, slug))
    assert ran.answer.get("status") == "completed", ran.log
    assert_invariants(settings, ran.answer["task_id"])


def test_stages_run_one_by_one_with_a_task_id(settings: Settings, tmp_path: Path) -> None:
    rows = [{"id": n, "text": f"배송이 빨라서 좋아요 {n}", "rating": 5} for n in range(1200)]
    location = reviews_file(tmp_path, rows)
    from flows.cards import generate_cards
    from flows.crawl import crawl_reviews
    from flows.finalization import finalize_analysis
    from flows.intake import intake_request
    from flows.queueing import queue_reviews

    task_id = intake_request(location, "by-hand")
    for _ in range(2):
        assert crawl_reviews(task_id) == 1200
        assert queue_reviews(task_id) == 1200
        assert generate_cards(task_id) == 1200
        assert finalize_analysis(task_id) == "completed"
    assert intake_request(location, "by-hand") == task_id
    assert_invariants(settings, task_id)


def test_the_same_request_twice_and_two_at_once_are_one_analysis(
    settings: Settings, shop: DemoShop
) -> None:
    location = product(shop, "running-shoes")
    keys = ["mine", "mine", "yours"]
    running = [
        flow_runs.start("analyze-product", location=location, idempotency_key=key) for key in keys
    ]
    ended = [flow_runs.finish(process) for process in running]
    assert [each.returncode for each in ended] == [0, 0, 0], ended[0].log
    answers = [each.answer for each in ended]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["status"] == "completed"
    assert_invariants(settings, answers[0]["task_id"])


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:9/product", "address_refused"),
        ("http://no-such-host.invalid/product", "host_not_found"),
        ("/no/such/file.csv", "file_unreadable"),
        ("{shop}/products/members-only", "login_required"),
        ("{shop}/admin/", "robots_refused"),
        ("{shop}/products/no-such-thing", "page_not_found"),
        ("{shop}/", "no_reviews_found"),
    ],
)
def test_bad_input_fails_the_request_by_name(
    settings: Settings, shop: DemoShop, location: str, code: str
) -> None:
    from domain.errors import EmotionCardsError
    from flows.analysis import analyze_product

    with pytest.raises(EmotionCardsError) as caught:
        analyze_product(location.format(shop=shop.url), idempotency_key=code)
    assert caught.value.code == code
    assert "\n" not in caught.value.line
    task_id = find_by_key(settings.postgres, code)
    request = get_request(settings.postgres, str(task_id))
    assert (request.status, request.error_code) == (RequestStatus.FAILED, code)
    with pytest.raises(RequestNotFound):
        get_result(settings.postgres, str(task_id))


def test_intake_shares_an_open_request_and_says_what_it_was_asked(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text('{"id": 1, "text": "색이 예뻐요", "rating": 5}\n', encoding="utf-8")
    first = flow_runs.run("intake-request", location=str(path), idempotency_key="k1", rating_max=5)
    same = flow_runs.run("intake-request", location=str(path), rating_max=5.0)
    other = flow_runs.run("intake-request", location=str(path), idempotency_key="k2")
    assert [ran.returncode for ran in (first, same, other)] == [0, 0, 0], other.log
    task_id = find_by_key(settings.postgres, "k1")
    assert find_by_key(settings.postgres, "k2") == task_id
    words = f"joined analysis {task_id}, already under way; it was asked with rating_max=5, not un"
    assert words in other.log
    assert "joined" not in first.log + same.log

    refused = flow_runs.run("intake-request", location=str(path), idempotency_key="k1")
    assert (refused.returncode, refused.answer["error"]) == (1, "invalid_request"), refused.log
    assert "rating_max was 5, now unset" in refused.answer["message"]
    resumed = flow_runs.run("analyze-product", task_id=task_id)
    assert resumed.answer == {"task_id": task_id, "status": "completed"}
    # At its end the key alone, or with the same words, still finds it.
    again = flow_runs.run("analyze-product", location=str(path), idempotency_key="k1", rating_max=5)
    assert again.answer == resumed.answer


def test_an_unreachable_host_fails_after_its_tries(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain.errors import SourceUnavailable
    from flows.analysis import analyze_product

    monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", '["127.0.0.1:9"]')
    monkeypatch.setenv("EC_CRAWL__PAGE_ATTEMPTS", "1")
    get_settings.cache_clear()
    with pytest.raises(SourceUnavailable):
        analyze_product("http://127.0.0.1:9/product", idempotency_key="gone")
    request = get_request(settings.postgres, str(find_by_key(settings.postgres, "gone")))
    assert (request.status, request.error_code) == (RequestStatus.FAILED, "source_unavailable")


def test_bad_rows_are_kept_and_good_rows_go_on(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "id,내용,평점\n1,좋아요,5\n2,나빠요\n3,,4\n4,최고예요,9\n1,다른 글,1\n5,별로예요,1\n",
        encoding="utf-8",
    )
    from flows.analysis import analyze_product

    ended = analyze_product(str(path), rating_max=5)
    assert ended["status"] == "completed"
    kept = {row["reason"]: row for row in quarantined(settings.mongo, ended["task_id"])}
    assert kept.keys() == {"ragged_row", "rating_out_of_range", "duplicate_id"}
    assert "3" in kept["ragged_row"]["where"]
    kinds = {row["review_id"]: row["kind"] for row in outcomes(settings.mongo, ended["task_id"])}
    assert kinds == {"1": "card", "3": "failure", "5": "card"}
    assert_invariants(settings, ended["task_id"])


def test_a_cancelled_analysis_stops_writing(
    settings: Settings, shop: DemoShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_CRAWL__REQUESTS_PER_SECOND", "2")
    process = flow_runs.start(
        "analyze-product", location=product(shop, "wireless-earphones"), idempotency_key="stop"
    )
    task_id = flow_runs.wait_for(lambda: find_by_key(settings.postgres, "stop"))
    flow_runs.wait_for(lambda: list(outcomes(settings.mongo, task_id)), every=0.1)
    assert cancel_request(settings, task_id)
    before = len(list(outcomes(settings.mongo, task_id)))
    ended = flow_runs.finish(process)
    assert (ended.returncode, ended.answer["error"]) == (1, "request_cancelled"), ended.log
    assert len(list(outcomes(settings.mongo, task_id))) == before
    assert get_request(settings.postgres, task_id).status is RequestStatus.CANCELLED
    assert not cancel_request(settings, task_id)
