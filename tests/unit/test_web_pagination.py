"""Where reviews go on, and how often a host is asked."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import httpx
import pytest

from domain.errors import SourceUnavailable
from sources.answers import retry_after
from sources.crawl_cursor import MAX_SEEN, CrawlCursor
from sources.deadlines import Deadline
from sources.html_pages import HtmlPage, parse_html
from sources.pacing import BACKOFF_CAP, MAX_HOSTS, HostPacer, backoff
from sources.page_cache import CachedPage, MemoryPageCache, Validators
from sources.pagination import choose_next, header_links, page_links

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def following(body: str, url: str = "https://shop.example/p?id=7") -> str | None:
    page = HtmlPage(httpx.URL(url), httpx.URL(url), parse_html(body or "<p>", where=url), body)
    chosen = choose_next(page_links(page), base=page.base, page=page.url)
    return str(chosen.url) if chosen.url else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="?id=7&page=2">2</a>', "https://shop.example/p?id=7&page=2"),
        ('<a href="?page=2&id=7&sort=new">2</a>', "https://shop.example/p?page=2&id=7&sort=new"),
        (
            '<a href="/p/reviews?id=7&pageNo=2">2</a>',
            "https://shop.example/p/reviews?id=7&pageNo=2",
        ),
        ('<a href="/p/page/2?id=7">2</a>', "https://shop.example/p/page/2?id=7"),
        ('<a href="?id=8&page=2">another product</a>', None),
        ('<a href="/list?page=2">another list</a>', None),
        ('<a href="?id=7&page=3">3</a>', None),
        ('<a href="?id=7&size=2">2</a>', None),
        ('<a rel="nofollow next" href="/n">n</a>', "https://shop.example/n"),
        ('<a rel="next" href="#">n</a><i data-load-more-url="/m">m</i>', "https://shop.example/m"),
        ('<a rel="next" href="javascript:void(0)">n</a>', None),
        ('<a rel="next" href="http://shop.example/n">downgrade</a>', None),
        ('<a rel="next" href="https://other.example/n">n</a>', None),
        ("", None),
    ],
)
def test_the_next_page_is_found(body: str, expected: str | None) -> None:
    assert following(body) == expected


def test_numbers_count_from_the_present_page() -> None:
    links = "".join(f'<a href="?id=7&page={n}">{n}</a>' for n in range(1, 12))
    for number in range(1, 11):
        found = following(links, f"https://shop.example/p?id=7&page={number}")
        assert found == f"https://shop.example/p?id=7&page={number + 1}"
    assert following(links, "https://shop.example/p?id=7&page=11") is None


def test_an_address_elsewhere_is_told() -> None:
    page = httpx.URL("https://shop.example/p")
    chosen = choose_next(["https://api.example/r"], base=page, page=page)
    assert chosen.url is None
    assert "another site" in chosen.reason


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('</a>; rel="next"', ["/a"]),
        ("</a>; rel=next, </b>; rel=prev", ["/a"]),
        ('</a?x=1,2>; title="a, b"; rel="last next"', ["/a?x=1,2"]),
        ("</a>", []),
        ("nonsense", []),
    ],
)
def test_link_headers_are_read(header: str, expected: list[str]) -> None:
    assert list(header_links(header)) == expected


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("7", 7.0),
        ("9" * 400, 31_536_000.0),
        ("Thu, 15 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 15 Jan 2026 12:00:30 -0000", 30.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(raw: str, seconds: float | None) -> None:
    assert retry_after(httpx.Headers({"Retry-After": raw}), now=NOW) == seconds


def test_backoff_is_jittered_and_bounded() -> None:
    assert len({backoff(3) for _ in range(20)}) > 1
    assert all(0 <= backoff(attempt) <= BACKOFF_CAP for attempt in range(1, 200))


def test_no_more_turns_at_once_than_allowed() -> None:
    pacer, held, most = HostPacer(), 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal held, most
        with pacer.turn("shop", interval=0, concurrency=2):
            with lock:
                held += 1
                most = max(most, held)
            time.sleep(0.02)
            with lock:
                held -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, held) == (2, 0)


def test_turns_start_apart_and_a_held_host_rests() -> None:
    pacer = HostPacer()
    started = time.monotonic()
    for _ in range(3):
        with pacer.turn("shop", interval=0.05, concurrency=1):
            pass
    assert time.monotonic() - started >= 0.1
    pacer.hold("shop", 0.1)
    with pacer.turn("other", interval=0, concurrency=1):
        assert time.monotonic() - started < 0.25
    with pacer.turn("shop", interval=0, concurrency=1):
        assert time.monotonic() - started >= 0.2


def test_idle_hosts_are_forgotten() -> None:
    pacer = HostPacer()
    for number in range(MAX_HOSTS * 2):
        with pacer.turn(f"host{number}", interval=0, concurrency=1):
            pass
    assert len(pacer._gates) <= MAX_HOSTS


def test_a_turn_is_given_back_after_a_failure() -> None:
    pacer = HostPacer()
    with pytest.raises(KeyError), pacer.turn("shop", interval=0, concurrency=1):
        raise KeyError
    with pacer.turn("shop", interval=0, concurrency=1):
        assert pacer._gates["shop"].held == 1


def test_the_budget_runs_only_while_we_wait_for_the_host() -> None:
    now = [0.0]
    deadline = Deadline(monotonic=lambda: now[0])
    deadline.start(10)
    with deadline.running():
        now[0] += 4
        assert deadline.cap(20) == 6
        assert deadline.cap(1) == 1
    now[0] += 100
    with deadline.running():
        assert deadline.cap(None) == 6
        now[0] += 7
        with pytest.raises(SourceUnavailable, match="10 seconds"):
            deadline.cap(1)


def cached(size: int) -> CachedPage:
    return CachedPage(b"x" * size, "text/html", None, "", Validators(etag='"1"'))


def test_the_cache_forgets_what_was_not_used_longest() -> None:
    cache = MemoryPageCache(capacity=100)
    for name in "abcd":
        cache.put(name, cached(25))
    assert cache.get("a")
    cache.put("e", cached(25))
    assert [name for name in "abcde" if cache.get(name)] == ["a", "c", "d", "e"]
    cache.put("f", cached(26))  # more than a quarter is not worth it
    assert cache.get("f") is None
    cache.put("a", cached(1))
    assert cache._size == 76


def test_a_cursor_is_bounded_and_survives_storage() -> None:
    cursor = CrawlCursor("http://s/0")
    for number in range(MAX_SEEN * 2):
        cursor = cursor.after([f"http://s/{number}"], next=f"http://s/{number + 1}")
    assert len(cursor.seen_pages) == MAX_SEEN
    assert cursor.has_seen(f"http://s/{MAX_SEEN * 2 - 1}")
    assert not cursor.has_seen("http://s/0")
    assert CrawlCursor.from_state(cursor.to_state()) == cursor
