"""A shop that declares far more reviews than its pages give: the result says so."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from crawling import running
from hostile_server import HostileServer, html, product, review

from domain.requests import RequestStatus
from reports.completeness import sentence
from settings import Settings, get_settings
from storage.postgres.acceptance import accept_request
from storage.postgres.results import get_result
from tasks.cards import make_cards
from tasks.crawl import crawl_source
from tasks.finalization import write_result
from tasks.intake import lay_out
from tasks.queueing import queue_until_crawled
from tasks.trust import weigh_trust


@pytest.fixture
def shop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", json.dumps([server.host]))
        get_settings.cache_clear()
        yield server


def analysed(settings: Settings, shop: HostileServer, **counts: int) -> tuple[RequestStatus, str]:
    """Analyse a page of ten reviews that declares these counts; return the end and the result."""
    rated = product(*(review(n) for n in range(10)), aggregateRating={"ratingValue": 4.5, **counts})
    location = shop.page("/p", html(rated))
    task_id = accept_request(
        settings.postgres,
        source=shop.host,
        external_key=location,
        name="x",
        spec={"location": location},
        idempotency_key=None,
    ).task_id
    lay_out.fn(task_id)
    assert crawl_source.fn(task_id) == queue_until_crawled.fn(task_id) == 10
    assert make_cards.fn(task_id) == 10
    weigh_trust.fn(task_id)
    return write_result.fn(task_id), task_id


def test_most_of_the_declared_reviews_missing_is_a_partial_result(
    settings: Settings, shop: HostileServer
) -> None:
    status, task_id = analysed(settings, shop, reviewCount=5000)
    coverage = get_result(settings.postgres, task_id)["coverage"]
    assert status is RequestStatus.PARTIAL
    assert (coverage["declared"], coverage["unread"], coverage["whole"]) == (5000, 4990, False)
    assert "4,990 of them could not be found" in sentence(coverage).en


@pytest.mark.parametrize("counts", [{"reviewCount": 11}, {"ratingCount": 5000}])
def test_a_few_missing_and_ratings_without_words_are_no_gap(
    settings: Settings, shop: HostileServer, counts: dict[str, int]
) -> None:
    status, task_id = analysed(settings, shop, **counts)
    coverage = get_result(settings.postgres, task_id)["coverage"]
    assert status is RequestStatus.COMPLETED
    assert (coverage["declared"], coverage["unread"]) == (counts.get("reviewCount"), 0)
