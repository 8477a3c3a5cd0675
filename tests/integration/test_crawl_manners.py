"""Manners: robots.txt, pace, rests that a host asks for, pages that have not changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest
from crawling import NOW, crawl, ids_of, running, source_at
from hostile_server import Exchange, HostileServer, html, product, review

from domain import errors
from sources.page_cache import MemoryPageCache, Validators


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        server.page("/p", html(product(review(1)), body='<a rel="next" href="/q">more</a>'))
        server.page("/q", html(product(review(2))))
        yield server


def robots(shop: HostileServer, text: str, **options: object) -> None:
    shop.page("/robots.txt", text, **{"content_type": "text/plain", **options})


def test_robots_txt_is_asked_once_and_first(shop: HostileServer) -> None:
    assert ids_of(crawl(shop, shop.url("/p"))) == ["r1", "r2"]
    assert [path for path, _ in shop.seen] == ["/robots.txt", "/p", "/q"]
    assert all(headers["User-Agent"].startswith("emotion-cards/") for _, headers in shop.seen)


@pytest.mark.parametrize("agent", ["*", "emotion-cards", "Emotion-Cards/0.1"])
def test_a_forbidden_product_page_is_refused(shop: HostileServer, agent: str) -> None:
    robots(shop, f"User-agent: {agent}\nDisallow: /p")
    if "/" in agent:  # versions are no part of the name in robots.txt
        assert ids_of(crawl(shop, shop.url("/p"))) == ["r1", "r2"]
        return
    with pytest.raises(errors.RobotsRefused):
        crawl(shop, shop.url("/p"))
    assert not shop.asked["/p"]


def test_rules_for_others_are_not_for_us(shop: HostileServer) -> None:
    robots(shop, "User-agent: github\nDisallow: /\nUser-agent: badbot\nDisallow: /")
    assert ids_of(crawl(shop, shop.url("/p"))) == ["r1", "r2"]


def test_a_forbidden_later_page_ends_the_crawl_with_a_refusal(shop: HostileServer) -> None:
    robots(shop, "User-agent: *\nDisallow: /q")
    batches = crawl(shop, shop.url("/p"))
    assert ids_of(batches) == ["r1"]
    assert [one.code for one in batches[-1].refusals] == ["robots_refused"]
    assert not shop.asked["/q"]


def test_a_redirect_to_a_forbidden_page_is_refused(shop: HostileServer) -> None:
    robots(shop, "User-agent: *\nDisallow: /private")
    shop.page("/private", html(product(review(1))))
    with pytest.raises(errors.RobotsRefused):
        crawl(shop, shop.page("/r", "", status=302, Location="/private"))
    assert not shop.asked["/private"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, errors.RobotsRefused),
        (403, errors.RobotsRefused),
        (500, errors.SourceUnavailable),
        (503, errors.SourceUnavailable),
        (429, errors.RateLimited),
        (404, None),
        (410, None),
    ],
)
def test_the_status_of_robots_txt_decides(
    shop: HostileServer, status: int, error: type[Exception] | None
) -> None:
    robots(shop, "User-agent: *\nDisallow: /", status=status)
    if error is None:
        assert ids_of(crawl(shop, shop.url("/p"))) == ["r1", "r2"]
        return
    with pytest.raises(error):
        crawl(shop, shop.url("/p"))
    assert not shop.asked["/p"]


def test_a_huge_robots_txt_is_read_at_its_start(shop: HostileServer) -> None:
    robots(shop, "User-agent: *\nDisallow: /q\n" + "# filler\n" * 200_000 + "Disallow: /p\n")
    assert ids_of(crawl(shop, shop.url("/p"))) == ["r1"]


def test_crawl_delay_sets_the_pace(shop: HostileServer) -> None:
    robots(shop, "User-agent: *\nCrawl-delay: 0.4")
    started = time.monotonic()
    crawl(shop, shop.url("/p"))
    assert time.monotonic() - started >= 0.4


def test_a_crawl_delay_nobody_can_wait_for_is_a_refusal(shop: HostileServer) -> None:
    robots(shop, "User-agent: *\nCrawl-delay: 86400")
    with pytest.raises(errors.RobotsRefused, match="86400 seconds"):
        crawl(shop, shop.url("/p"))


def test_the_rate_of_the_settings_is_kept(shop: HostileServer) -> None:
    started = time.monotonic()
    crawl(shop, shop.url("/p"), requests_per_second=5)  # robots.txt, /p, /q: two gaps
    assert time.monotonic() - started >= 0.38


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(shop: HostileServer, status: int) -> None:
    def send(exchange: Exchange) -> None:
        if exchange.turn == 1:
            exchange.send("busy", status=status, Retry_After="1")
        else:
            exchange.send(html(product(review(1))))

    started = time.monotonic()
    batches = crawl(shop, shop.on("/busy", send), page_attempts=2)
    assert ids_of(batches) == ["r1"]
    assert time.monotonic() - started >= 1


def test_retry_after_may_be_a_date_and_too_long(shop: HostileServer) -> None:
    later = format_datetime((NOW + timedelta(hours=1)).astimezone(UTC), usegmt=True)
    url = shop.page("/busy", "busy", status=429, Retry_After=later)
    with pytest.raises(errors.RateLimited) as caught:
        crawl(shop, url, page_attempts=5)
    assert caught.value.retry_after == 3600
    assert shop.asked["/busy"] == 1


def test_passing_failures_are_tried_again_as_often_as_allowed(shop: HostileServer) -> None:
    url = shop.page("/down", "", status=502)
    with pytest.raises(errors.SourceUnavailable):
        crawl(shop, url, page_attempts=2)
    assert shop.asked["/down"] == 2


def test_lasting_failures_are_not_tried_again(shop: HostileServer) -> None:
    with pytest.raises(errors.PageNotFound):
        crawl(shop, shop.url("/gone"), page_attempts=3)
    assert shop.asked["/gone"] == 1


def tagged(exchange: Exchange) -> None:
    if exchange.headers.get("If-None-Match") == '"v1"':
        exchange.start(304, {"ETag": '"v1"'})
    else:
        exchange.send(html(product(review(1))), ETag='"v1"')


def test_an_unchanged_page_comes_from_the_cache(shop: HostileServer) -> None:
    cache = MemoryPageCache()
    url = shop.on("/t", tagged)
    first = crawl(shop, url, cache=cache)
    assert first[0].cursor["etag"] == '"v1"'
    assert crawl(shop, url, cache=cache) == first
    assert [headers.get("If-None-Match") for path, headers in shop.seen if path == "/t"] == [
        *(None, '"v1"')
    ]


def test_validators_without_a_copy_lead_to_the_whole_page(shop: HostileServer) -> None:
    url = shop.on("/t", tagged)
    found = crawl(shop, url, validators={url: Validators(etag='"v1"')})
    assert ids_of(found) == ["r1"]
    assert shop.asked["/t"] == 2


def test_a_page_nobody_may_keep_is_not_kept(shop: HostileServer) -> None:
    cache = MemoryPageCache()
    body = html(product(review(1)))
    url = shop.page("/t", body, ETag='"v1"', Cache_Control="private, no-store")
    crawl(shop, url, cache=cache)
    assert cache.get(url) is None


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("<p>문의 010-2345-6789</p>", ""),
        ("<p>010-<b>2345</b>-6789</p>", ""),
        ("<p>&#48;10-2345-6789</p>", ""),
        ("<p data-tel='010-2345-6789'>문의</p>", ""),
        ("", '<meta content="kim@naver.com">'),
        ("<script>{'a': '\\u0030\\u0031012345678'}</script>", ""),
    ],
)
def test_a_page_with_personal_data_is_not_kept(shop: HostileServer, body: str, head: str) -> None:
    cache = MemoryPageCache()
    page = html(product(review(1)), head=head, body=body)
    url = shop.page("/t", page, ETag='"v1"')
    assert ids_of(crawl(shop, url, cache=cache)) == ids_of(crawl(shop, url, cache=cache)) == ["r1"]
    assert cache.get(url) is None
    assert shop.asked["/t"] == 2


def test_cookies_are_kept_within_a_crawl_but_not_hoarded(shop: HostileServer) -> None:
    def send(exchange: Exchange) -> None:
        if "seen=1" not in exchange.headers.get("Cookie", ""):
            exchange.start(302, {"Location": "/t", "Set-Cookie": "seen=1", "Content-Length": "0"})
        else:
            exchange.send(html(product(review(1))))

    shop.page("/start", "", status=302, Location="/t?x=1")
    shop.on("/t", send)
    assert ids_of(crawl(shop, shop.url("/start"))) == ["r1"]


def test_two_crawls_of_one_host_share_its_pace(shop: HostileServer) -> None:
    first = source_at(shop, shop.url("/p"), requests_per_second=5)
    second = source_at(shop, shop.url("/q"), requests_per_second=5, pacer=first._pacer)
    started = time.monotonic()
    list(first.batches(None))
    list(second.batches(None))
    assert time.monotonic() - started >= 0.78  # five requests, four gaps
