"""Stages run one by one where something is wrong: the request ends by name, and only once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from demo.shop import DemoShop
from domain.analysis import LexiconAnalyzer
from domain.cards import AnalysisFailure, Reading, ReviewText
from domain.errors import (
    EmotionCardsError,
    FileUnreadable,
    InvariantBroken,
    RequestCancelled,
    RequestNotFound,
)
from domain.requests import RequestStatus
from flows.analysis import analyze_product
from flows.cards import generate_cards
from flows.crawl import crawl_reviews
from flows.finalization import finalize_analysis
from flows.intake import intake_request
from flows.queueing import queue_reviews
from settings import Settings, get_settings
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYSIS_QUEUE, RAW_REVIEWS
from storage.mongo.crawl_jobs import claim_crawl, job_id
from storage.mongo.leases import fail
from storage.mongo.quarantine import quarantined
from storage.mongo.sessions import session_open
from storage.postgres.acceptance import find_by_key
from storage.postgres.requests import get_request, move_request
from storage.postgres.results import get_result
from tasks import cards
from tasks.crawl import crawl_source
from tasks.finalization import write_result
from tasks.invariants import check_analysis


@pytest.fixture
def shop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoShop]:
    with DemoShop() as opened:
        host = opened.url.removeprefix("http://")
        monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", json.dumps([host]))
        get_settings.cache_clear()
        yield opened


@pytest.fixture
def location(tmp_path: Path) -> str:
    path = tmp_path / "twenty.jsonl"
    rows = [{"id": n, "text": f"배송이 빨라서 좋아요 {n}", "rating": 5} for n in range(20)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def assert_failed(settings: Settings, task_id: str, code: str) -> None:
    request = get_request(settings.postgres, task_id)
    assert (request.status, request.error_code) == (RequestStatus.FAILED, code)
    with pytest.raises(RequestNotFound):
        get_result(settings.postgres, task_id)
    unfinished = {"task_id": task_id, "state": {"$in": ["ready", "leased"]}}
    assert database_for(settings.mongo)[ANALYSIS_QUEUE].count_documents(unfinished) == 0
    assert not session_open(settings.mongo, task_id)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("/no/such/file.csv", "file_unreadable"),
        ("{shop}/products/no-such-thing", "page_not_found"),
        ("{shop}/", "no_reviews_found"),
    ],
)
def test_a_crawl_run_alone_fails_its_request(
    settings: Settings, shop: DemoShop, place: str, code: str
) -> None:
    task_id = intake_request(place.format(shop=shop.url))
    with pytest.raises(EmotionCardsError) as caught:
        crawl_reviews(task_id)
    assert caught.value.code == code
    assert_failed(settings, task_id, code)
    for stage in (crawl_reviews, generate_cards, finalize_analysis):
        with pytest.raises(EmotionCardsError) as again:
            stage(task_id)
        assert again.value.code == code
    assert_failed(settings, task_id, code)


def test_a_crawl_killed_before_it_failed_its_request_gives_no_result(settings: Settings) -> None:
    task_id = intake_request("/no/such/file.csv")
    move_request(settings.postgres, task_id, RequestStatus.CRAWLING)
    job = claim_crawl(settings.mongo, task_id, "w", 30)
    assert job is not None
    fail(settings.mongo, job.lease, FileUnreadable("gone"))
    assert queue_reviews(task_id) == 0
    assert generate_cards(task_id) == 0
    with pytest.raises(InvariantBroken, match="crawl failed"):
        write_result.fn(task_id)
    with pytest.raises(FileUnreadable, match="gone"):
        finalize_analysis(task_id)
    assert_failed(settings, task_id, "file_unreadable")


def test_finalising_too_early_moves_nothing(settings: Settings, location: str) -> None:
    task_id = intake_request(location)
    for before in (RequestStatus.REQUESTED, RequestStatus.CRAWLING):
        with pytest.raises(InvariantBroken):
            finalize_analysis(task_id)
        assert get_request(settings.postgres, task_id).status is before
        crawl_source.fn(task_id)
    assert crawl_reviews(task_id) == queue_reviews(task_id) == generate_cards(task_id) == 20
    assert finalize_analysis(task_id) == "completed"
    findings = check_analysis(settings, task_id)
    assert [finding.ok for finding in findings] == [True] * 4
    # A result over a crawl that never came to its end is what the check looks for.
    queue = database_for(settings.mongo)[ANALYSIS_QUEUE]
    queue.update_one({"_id": job_id(task_id)}, {"$set": {"state": "failed"}})
    broken = [finding for finding in check_analysis(settings, task_id) if not finding.ok]
    assert [(each.invariant, "the crawl is failed" in each.detail) for each in broken] == [
        (2, True)
    ]


@pytest.mark.parametrize("chunk_reviews", [1, 100])
def test_reviews_that_are_gone_fail_the_request_by_name(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch, chunk_reviews: int
) -> None:
    monkeypatch.setenv("EC_QUEUE__CHUNK_REVIEWS", str(chunk_reviews))
    get_settings.cache_clear()
    task_id = intake_request(location)
    assert crawl_reviews(task_id) == queue_reviews(task_id) == 20
    database_for(settings.mongo)[RAW_REVIEWS].delete_one({"review_id": "7"})
    with pytest.raises(InvariantBroken, match="stand at positions"):
        generate_cards(task_id)
    assert_failed(settings, task_id, "invariant_broken")


class Forgetful:
    """Reads like the analyzer, and forgets one kind of text."""

    version = "forgetful"

    def __init__(self) -> None:
        self._reader = LexiconAnalyzer()

    def analyze(self, reviews: Sequence[ReviewText]) -> list[Reading | AnalysisFailure]:
        return self._reader.analyze([review for review in reviews if "13" not in review.text])


def test_an_analyzer_that_forgets_a_review_costs_that_review_alone(
    settings: Settings, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = Forgetful()
    monkeypatch.setattr(cards, "analyzer_of", lambda _task_id: forgetful)
    monkeypatch.setenv("EC_QUEUE__MAX_ATTEMPTS", "1")
    monkeypatch.setenv("EC_QUEUE__RETRY_BASE", "0.01")
    get_settings.cache_clear()
    ended = analyze_product(location)
    assert ended["status"] == "partial"
    numbers = get_result(settings.postgres, ended["task_id"])["numbers"]
    assert (numbers["cards"], numbers["failures"]) == (19, {"dead_letter": 1})
    assert [finding.ok for finding in check_analysis(settings, ended["task_id"])] == [True] * 4


@pytest.mark.parametrize("end", [RequestStatus.CANCELLED, RequestStatus.FAILED])
def test_resuming_finishes_an_ending_that_died_half_way(
    settings: Settings, location: str, end: RequestStatus
) -> None:
    task_id = intake_request(location, "half")
    error = ("file_unreadable", "gone") if end is RequestStatus.FAILED else None
    # Killed here: the request has ended, its jobs can still be claimed.
    move_request(settings.postgres, task_id, end, error=error)
    with pytest.raises(RequestCancelled if error is None else FileUnreadable):
        analyze_product(task_id=task_id)
    assert find_by_key(settings.postgres, "half") == task_id
    assert claim_crawl(settings.mongo, task_id, "late", 30) is None
    assert not session_open(settings.mongo, task_id)
    assert list(quarantined(settings.mongo, task_id)) == []
