"""Bodies that are too large, too slow, broken off, or in another charset than they say."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from crawling import crawl, ids_of, reviews_of, running
from hostile_server import Exchange, HostileServer, html, product, review

from domain import errors

KOREAN = "배송은 빨랐지만 뷁스러운 냄새가 났어요"  # 뷁 is in CP949, not in EUC-KR


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        yield server


def endless(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b"x" * 65536


def test_a_declared_50_mb_body_is_refused_unread(shop: HostileServer) -> None:
    def send(exchange: Exchange) -> None:
        exchange.start(200, {"Content-Type": "text/html", "Content-Length": "50000000"})

    started = time.monotonic()
    with pytest.raises(errors.BodyTooLarge, match="10,000,000"):
        crawl(shop, shop.on("/p", send))
    assert time.monotonic() - started < 0.9  # no byte of the body was waited for


def test_a_50_mb_body_of_unknown_length_is_cut_off(shop: HostileServer) -> None:
    url = shop.on("/p", lambda exchange: exchange.stream(endless(50_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(errors.BodyTooLarge):
            crawl(shop, url, max_body_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def gzip_bomb(size: int) -> Iterator[bytes]:
    """Yield a gzip body that unpacks to `size` zero bytes, about a thousandth of it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    for _ in range(size // len(block)):
        piece = packer.compress(block)
        if piece:
            yield piece
    yield packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_goes_off_in_small_steps(shop: HostileServer, coding: str) -> None:
    packed = b"".join(gzip_bomb(100_000_000))  # all at once, unpacking to 100 MB
    body = packed if coding == "gzip" else zlib.compress(bytes(100_000_000), 9)
    url = shop.page("/p", body, Content_Encoding=coding)
    tracemalloc.start()
    try:
        with pytest.raises(errors.BodyTooLarge):
            crawl(shop, url, max_body_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_a_10_gb_bomb_costs_neither_time_nor_memory(shop: HostileServer) -> None:
    url = shop.on("/p", lambda one: one.stream(gzip_bomb(10_000_000_000), Content_Encoding="gzip"))
    tracemalloc.start()
    started = time.monotonic()
    try:
        with pytest.raises(errors.BodyTooLarge):
            crawl(shop, url)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
        assert time.monotonic() - started < 3
    finally:
        tracemalloc.stop()


def test_compressed_pages_are_read(shop: HostileServer) -> None:
    page = html(product(review(1))).encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    bodies = {
        "/gzip": ("gzip", gzip.compress(page)),
        "/members": ("gzip", gzip.compress(page[:50]) + gzip.compress(page[50:])),
        "/zlib": ("deflate", zlib.compress(page)),
        "/raw": ("deflate", raw.compress(page) + raw.flush()),
        "/plain": ("identity", page),
    }
    for path, (coding, body) in bodies.items():
        assert ids_of(crawl(shop, shop.page(path, body, Content_Encoding=coding))) == ["r1"]


def test_broken_compression_has_a_name(shop: HostileServer) -> None:
    whole = gzip.compress(html(product(review(1))).encode())
    with pytest.raises(errors.SourceUnavailable, match="broke off"):
        crawl(shop, shop.page("/cut", whole[:-20], Content_Encoding="gzip"))
    with pytest.raises(errors.MalformedPage, match="compression is broken"):
        crawl(shop, shop.page("/junk", b"no gzip at all", Content_Encoding="gzip"))
    with pytest.raises(errors.MalformedPage, match="did not ask for"):
        crawl(shop, shop.page("/other", whole, Content_Encoding="br"))


def test_a_body_that_breaks_off_may_be_whole_next_time(shop: HostileServer) -> None:
    def send(exchange: Exchange) -> None:
        body = html(product(review(1))).encode()
        cut = body[:40] if exchange.turn == 1 else body
        exchange.start(200, {"Content-Type": "text/html", "Content-Length": str(len(body))})
        exchange.handler.wfile.write(cut)
        exchange.handler.close_connection = True

    url = shop.on("/p", send)
    with pytest.raises(errors.SourceUnavailable):
        crawl(shop, url)
    assert ids_of(crawl(shop, url)) == ["r1"]


@pytest.mark.parametrize("where", ["body", "head"])
def test_a_page_that_drips_ends_at_the_total_time(shop: HostileServer, where: str) -> None:
    def send(exchange: Exchange) -> None:
        drops = iter(lambda: time.sleep(0.05) or b"x", None)
        if where == "body":
            exchange.stream(drops)
            return
        try:
            for drop in drops:
                exchange.handler.wfile.write(drop)
        except OSError:
            exchange.handler.close_connection = True

    started = time.monotonic()
    with pytest.raises(errors.SourceUnavailable):
        crawl(shop, shop.on("/p", send), total_timeout=0.5, read_timeout=0.3)
    assert time.monotonic() - started < 2


def test_a_silent_server_ends_at_the_read_time(shop: HostileServer) -> None:
    url = shop.on("/p", lambda _: time.sleep(0.6))
    with pytest.raises(errors.SourceUnavailable, match="in time"):
        crawl(shop, url, read_timeout=0.2)


def korean_page(charset: str | None) -> str:
    head = f'<meta charset="{charset}">' if charset else ""
    item = (
        '<div itemscope itemtype="https://schema.org/Review"><p itemprop="reviewBody">{}</p></div>'
    )
    return html(head=head, body=item.format(KOREAN))


@pytest.mark.parametrize(
    ("header", "meta", "real"),
    [
        ("utf-8", None, "utf-8"),
        (None, "euc-kr", "cp949"),  # EUC-KR as pages mean it: CP949
        ("euc-kr", None, "cp949"),
        ("ks_c_5601-1987", "utf-8", "cp949"),
        ("utf-8", None, "cp949"),  # lies of the header …
        ("utf-8", "euc-kr", "cp949"),
        ("euc-kr", None, "utf-8"),
        ("iso-8859-1", None, "cp949"),
        ("iso-8859-1", None, "utf-8"),
        ("utf-8", "utf-8", "cp949"),  # … and of the page
        ("no-such-charset", None, "cp949"),
        (None, None, "cp949"),
        (None, None, "utf-8"),
        (None, None, "utf-8-sig"),
        ("euc-kr", None, "utf-16"),
    ],
)
def test_text_is_read_whatever_its_label_says(
    shop: HostileServer, header: str | None, meta: str | None, real: str
) -> None:
    kind = f"text/html; charset={header}" if header else "text/html"
    url = shop.page("/p", korean_page(meta).encode(real), content_type=kind)
    assert [one.text for one in reviews_of(crawl(shop, url))] == [KOREAN]


def test_bytes_in_no_charset_have_a_name(shop: HostileServer) -> None:
    body = b"<html><p>" + bytes(range(128, 256)) * 40 + b"\xff\xfe\x81\x00\x01\x02" * 200
    with pytest.raises(errors.UndecodableText):
        crawl(shop, shop.page("/p", body))


def test_a_few_damaged_characters_do_not_cost_the_page(shop: HostileServer) -> None:
    page = korean_page(None).encode().replace("빨랐".encode(), "빨".encode() + b"\xeb\x9e")
    found = reviews_of(crawl(shop, shop.page("/p", page)))
    assert found[0].text == KOREAN.replace("빨랐", "빨\ufffd")
