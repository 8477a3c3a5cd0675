"""Pages kept in MongoDB: a later crawl asks only whether they changed."""

from __future__ import annotations

import random

from crawling import crawl, ids_of, running
from hostile_server import Exchange, HostileServer, html, product, review
from pydantic import SecretStr

from settings import Settings
from storage.mongo.client import database_for
from storage.mongo.crawled_pages import MAX_KEPT_BYTES, keep_page, kept_page
from tasks.page_cache import StoredPageCache


def tagged(exchange: Exchange) -> None:
    if exchange.headers.get("If-None-Match") == '"v1"':
        exchange.start(304, {"ETag": '"v1"'})
    else:
        exchange.send(html(product(review(1))), ETag='"v1"')


def test_another_process_asks_whether_the_page_changed(settings: Settings) -> None:
    with running(HostileServer()) as shop:
        url = shop.on("/t", tagged)
        first = crawl(shop, url, cache=StoredPageCache(settings))
        again = crawl(shop, url, cache=StoredPageCache(settings))
        asked = [headers.get("If-None-Match") for path, headers in shop.seen if path == "/t"]
    assert asked == [None, '"v1"']
    assert ids_of(again) == ids_of(first) == ["r1"]


def test_without_the_store_pages_are_read_whole(settings: Settings) -> None:
    nowhere = settings.mongo.model_copy(
        update={"dsn": SecretStr("mongodb://127.0.0.1:9/?directConnection=true"), "timeout": 0.3}
    )
    away = StoredPageCache(settings.model_copy(update={"mongo": nowhere}))
    with running(HostileServer()) as shop:
        url = shop.on("/t", tagged)
        assert ids_of(crawl(shop, url, cache=away)) == ["r1"]


def test_what_is_kept_is_bounded(settings: Settings) -> None:
    keep_page(settings.mongo, "http://shop/small", "작은 글".encode(), {"etag": "e"})
    assert kept_page(settings.mongo, "http://shop/small") == ("작은 글".encode(), {"etag": "e"})
    noise = bytes(range(256)) * (MAX_KEPT_BYTES // 128)
    keep_page(settings.mongo, "http://shop/even", noise, {})
    assert kept_page(settings.mongo, "http://shop/even") is not None
    keep_page(settings.mongo, "http://shop/large", random.Random(1).randbytes(2_100_000), {})
    assert kept_page(settings.mongo, "http://shop/large") is None
    indexes = database_for(settings.mongo)["crawled_pages"].index_information()
    assert indexes["expiry"]["expireAfterSeconds"] == 7 * 24 * 3600
