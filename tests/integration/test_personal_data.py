"""Personal data in reviews, ids, links and broken records: no store ever sees it."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crawling import running
from hostile_server import Exchange, HostileServer, html, product, review
from sqlalchemy import text

from domain.cards import Flag
from domain.requests import RequestStatus
from settings import Settings, get_settings
from storage.mongo.client import database_for
from storage.mongo.emotion_cards import outcomes
from storage.mongo.quarantine import quarantined
from storage.postgres.acceptance import accept_request
from storage.postgres.engine import unit_of_work
from storage.redis.client import client_for
from tasks.cards import make_cards
from tasks.crawl import crawl_source
from tasks.finalization import write_result
from tasks.intake import lay_out
from tasks.invariants import check_analysis
from tasks.queueing import queue_until_crawled
from tasks.trust import weigh_trust

#: Parts of what the reviews below hold, in every form that a store might keep.
SECRETS = (
    *("2345-6789", "23456789", "kim.cs77", "1234567", "110-123", "역삼동", "seller77"),
    *("2024050612", "%40naver", "일이삼사"),
)
TEXTS = [
    "배송이 느려서 010-2345-6789 로 전화했는데 안 받아요. 정말 화나요",
    "환불은 kim.cs77@naver.com 으로 문의하래요. 너무 실망이에요",
    "주민번호 900101-1234567 을 왜 물어보나요? 불쾌해요",
    "신한은행 110-123-456789 로 입금했는데 답이 없네요. 최악입니다",
    "서울시 강남구 역삼동 123-4 까지 빨리 와서 좋아요",
    "주문번호 20240506123456 디자인이 정말 예쁘고 좋아요",
    "공일공 일이삼사 오육칠팔 연락주세요. 품질은 만족해요",
]


@pytest.fixture
def shop(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        monkeypatch.setenv("EC_CRAWL__ALLOWED_PRIVATE_HOSTS", json.dumps([server.host]))
        get_settings.cache_clear()
        yield server


def personal_reviews() -> list[dict[str, Any]]:
    """Return reviews with personal data in each of their parts, some of them broken."""
    told = [review(n, reviewBody=body) for n, body in enumerate(TEXTS)]
    named = review(50, **{"@id": "kim.cs77@naver.com"})
    linked = review(51, url="https://shop.example/u?mail=kim.cs77%40naver.com")
    beyond = review(52, reviewBody=TEXTS[0], reviewRating={"ratingValue": 11})
    author = {"@type": "Person", "email": "kim.cs77@naver.com", "telephone": 1023456789}
    signed = review(53, author=author, datePublished="010-2345-6789")
    return [*told, named, linked, beyond, signed]


def analyse(settings: Settings, location: str, source: str) -> str:
    """Take a location through all stages; return its task."""
    task_id = accept_request(
        settings.postgres,
        source=source,
        external_key=location,
        name="x",
        spec={"location": location},
        idempotency_key=None,
    ).task_id
    lay_out.fn(task_id)
    crawl_source.fn(task_id)
    queue_until_crawled.fn(task_id)
    while make_cards.fn(task_id):
        pass
    weigh_trust.fn(task_id)
    assert write_result.fn(task_id) is RequestStatus.COMPLETED
    return task_id


def everything(settings: Settings) -> str:
    """Return all that the stores hold as one text, escapes undone."""
    return "\n".join((*_documents(settings), *_rows(settings), *_keys(settings)))


def _documents(settings: Settings) -> Iterator[str]:
    database = database_for(settings.mongo)
    for name in database.list_collection_names():
        for row in database[name].find():
            yield f"{name} {row}"
            for value in row.values():
                if isinstance(value, bytes):
                    yield zlib.decompress(value).decode("unicode_escape")
                elif isinstance(value, str) and "\\u" in value:
                    yield value.encode("ascii", "ignore").decode("unicode_escape")


def _rows(settings: Settings) -> Iterator[str]:
    tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
    with unit_of_work(settings.postgres) as session:
        for table in session.scalars(text(tables)).all():
            yield from session.scalars(text(f"SELECT t::text FROM {table} t")).all()


def _keys(settings: Settings) -> Iterator[str]:
    client = client_for(settings.redis)
    for key in client.scan_iter(f"{settings.redis.environment}:*"):
        kind = client.type(key)
        yield f"{key!r} {client.hgetall(key) if kind == 'hash' else client.get(key)!r}"


def test_a_crawl_stores_no_personal_data(
    settings: Settings, shop: HostileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def tagged(exchange: Exchange) -> None:
        head = '<meta name="tel" content="010-2345-6789">'
        page = product(*personal_reviews(), name="무선 청소기 문의 010-2345-6789")
        exchange.send(html(page, head=head), ETag='"v1"')

    task_id = analyse(settings, shop.on("/p", tagged), shop.host)
    stored = everything(settings)
    assert "[☎]" in stored  # the scan sees what is there
    assert [secret for secret in SECRETS if secret in stored] == []
    assert [secret for secret in SECRETS if secret in caplog.text] == []
    assert database_for(settings.mongo)["crawled_pages"].count_documents({}) == 0
    assert [finding for finding in check_analysis(settings, task_id) if not finding.ok] == []
    flagged = [row for row in outcomes(settings.mongo, task_id) if Flag.PII_MASKED in row["flags"]]
    assert len(flagged) == len(TEXTS)


def test_a_file_stores_no_personal_data(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl"
    rows = [{"id": n, "text": body, "rating": 5} for n, body in enumerate(TEXTS)]
    rows += [{"id": "kim.cs77@naver.com", "text": "좋아요", "rating": 1}]
    rows += [{"id": 9, "text": TEXTS[0], "rating": "010-2345-6789", "phone": 1023456789}]
    broken = json.dumps(rows[0])[:-2]
    lines = [json.dumps(row, ensure_ascii=bool(n % 2)) for n, row in enumerate(rows)]
    path.write_text("\n".join([*lines, broken, lines[0].replace("화나요", "화나")]))
    task_id = analyse(settings, str(path), "file")
    stored = everything(settings)
    assert [secret for secret in SECRETS if secret in stored] == []
    reasons = [row["reason"] for row in quarantined(settings.mongo, task_id)]
    assert sorted(reasons) == ["broken_json", "duplicate_id", "rating_not_a_number"]
    assert "배송이 느려서 [☎] 로 전화했는데" in everything(settings)
