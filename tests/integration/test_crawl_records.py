"""Records that are no reviews: kept apart with a reason, while the others count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from crawling import crawl, ids_of, reviews_of, running
from hostile_server import HostileServer, html, product, review

from domain.rejections import Rejected, RejectReason


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        yield server


def rejected_of(shop: HostileServer, *records: Any) -> tuple[list[str], list[Rejected]]:
    """Return the ids read from a page with these records and a good one, and what is refused."""
    batches = crawl(shop, shop.page("/p", html(product(*records, review(99)))))
    refused = [one for batch in batches for one in batch.rejected]
    assert all(one.where == f"page {shop.url('/p')}" for one in refused)
    return ids_of(batches), refused


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reviewBody": "가" * 1_000_000}, RejectReason.TEXT_TOO_LONG),
        ({"reviewBody": {"what": "ever"}}, RejectReason.TEXT_NOT_TEXT),
        ({"reviewBody": 17}, RejectReason.TEXT_NOT_TEXT),
        ({"reviewRating": {"ratingValue": 9}}, RejectReason.RATING_OUT_OF_RANGE),
        ({"reviewRating": {"ratingValue": -1}}, RejectReason.RATING_OUT_OF_RANGE),
        ({"reviewRating": {"ratingValue": float("nan")}}, RejectReason.RATING_NOT_A_NUMBER),
        ({"reviewRating": {"ratingValue": float("inf")}}, RejectReason.RATING_NOT_A_NUMBER),
        ({"reviewRating": "very good"}, RejectReason.RATING_NOT_A_NUMBER),
        ({"datePublished": "2099-01-01"}, RejectReason.DATE_IN_FUTURE),
        ({"datePublished": "the other day"}, RejectReason.DATE_UNREADABLE),
        ({"datePublished": "0001-01-01T00:00:00+14:00"}, RejectReason.DATE_UNREADABLE),
        ({"@id": "x" * 500}, RejectReason.ID_TOO_LONG),
    ],
)
def test_a_bad_record_is_refused_with_its_reason(
    shop: HostileServer, changes: dict[str, Any], reason: RejectReason
) -> None:
    ids, refused = rejected_of(shop, review(1, **changes))
    assert ids == ["r99"]
    assert [one.reason for one in refused] == [reason]
    assert len(json.dumps(refused[0].record)) <= 60_000


@pytest.mark.parametrize("record", ["text", 5, {"author": "somebody"}, [["nested"]]])
def test_what_is_no_review_at_all_is_refused(shop: HostileServer, record: Any) -> None:
    ids, refused = rejected_of(shop, record)
    assert ids == ["r99"]
    assert [one.reason for one in refused] == [RejectReason.NOT_A_RECORD]


def test_a_review_without_text_is_a_review(shop: HostileServer) -> None:
    bare = {"@type": "Review", "@id": "r1", "reviewRating": {"ratingValue": 2}}
    batches = crawl(shop, shop.page("/p", html(product(bare))))
    assert [(one.review_id, one.text, one.rating) for one in reviews_of(batches)] == [
        ("r1", "", 2.0)
    ]


def test_nul_and_lone_surrogates_are_repaired_and_told(shop: HostileServer) -> None:
    block = json.dumps(product(review(1, reviewBody="좋\x00아요 \ud83d 그리고")))
    assert "\\ud83d" in block
    batches = crawl(shop, shop.page("/p", html(block)))
    (found,) = reviews_of(batches)
    assert found.text == "좋아요 \ufffd 그리고"
    assert set(found.repairs) == {"nul_removed", "surrogate_replaced"}


def test_a_raw_nul_in_the_page_does_not_cut_it(shop: HostileServer) -> None:
    page = html(product(review(1))).replace("</head>", "\x00</head>") + html(product(review(2)))
    assert "r1" in ids_of(crawl(shop, shop.page("/p", page)))


def test_records_no_store_could_keep_become_strings(shop: HostileServer) -> None:
    awkward = [
        {"$where": "1", "a.b": {"$gt": ""}},
        {"lone": "\ud800"},
        {"big": 2**70},
        {"deep": json.loads("[" * 200 + "]" * 200)},
        {"nan": float("nan")},
    ]
    records = [review(n, reviewRating="x", extra=extra) for n, extra in enumerate(awkward)]
    ids, refused = rejected_of(shop, *records)
    assert ids == ["r99"]
    assert [one.reason for one in refused] == [RejectReason.RATING_NOT_A_NUMBER] * len(awkward)
    assert all(isinstance(one.record, str) for one in refused)
    assert all(one.record.isascii() for one in refused)
    assert "$where" in refused[0].record


def test_the_same_id_counts_once_and_another_text_under_it_is_refused(shop: HostileServer) -> None:
    ids, refused = rejected_of(
        shop, review(1), review(1), review(1, reviewBody="ganz anders"), review(2)
    )
    assert ids == ["r1", "r2", "r99"]
    assert [one.reason for one in refused] == [RejectReason.DUPLICATE_ID]
    assert refused[0].record["reviewBody"] == "ganz anders"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("}]", "} , ]").replace('"}', '",\n}'),
        lambda text: f"<!-- {text} -->",
        lambda text: f"/*<![CDATA[*/ {text} /*]]>*/",
        lambda text: f"// a comment\n{text};",
        lambda text: text.replace("빠르고", "빠르고\n\t\x01"),
        lambda text: text.replace("빠르고", "빠르\\'고 \\x"),
        lambda text: text.replace('"', "&quot;"),
        lambda text: "\ufeff" + text,
    ],
)
def test_damaged_json_ld_is_repaired_where_it_is_plain_how(
    shop: HostileServer, damage: Any
) -> None:
    block = json.dumps(
        product(review(1, reviewBody="배송이 빠르고,] // 좋아요")), ensure_ascii=False
    )
    batches = crawl(shop, shop.page("/p", html(damage(block))))
    assert ids_of(batches) == ["r1"]
    assert ",] // 좋아요" in batches[0].reviews[0].text


@pytest.mark.parametrize(
    "broken", ['{"@type": "Product", "review": [', "[" * 100_000, "x" * 200_000]
)
def test_a_block_beyond_repair_is_kept_and_the_rest_counts(
    shop: HostileServer, broken: str
) -> None:
    batches = crawl(shop, shop.page("/p", html(broken, product(review(1)))))
    assert ids_of(batches) == ["r1"]
    (refused,) = batches[0].rejected
    assert refused.reason is RejectReason.BROKEN_JSON
    assert refused.record == broken[:50_000]


def test_a_page_of_broken_blocks_only_is_not_a_page_without_reviews(shop: HostileServer) -> None:
    (batch,) = crawl(shop, shop.page("/p", html("{broken")))
    assert (batch.done, len(batch.reviews), len(batch.rejected)) == (True, 0, 1)


def microdata(*bodies: str, number: int = 0) -> str:
    items = "".join(
        '<li itemprop="review" itemscope itemtype="https://schema.org/Review" '
        f'data-review-id="m{number + at}"><b itemprop="author">x</b>'
        '<span itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating">'
        '<meta itemprop="ratingValue" content="4"></span>'
        f'<p itemprop="reviewBody">{body}</p></li>'
        for at, body in enumerate(bodies)
    )
    name = '<h1 itemprop="name">컵</h1>'
    return f'<div itemscope itemtype="https://schema.org/Product">{name}{items}</div>'


def test_a_review_in_two_syntaxes_counts_once(shop: HostileServer) -> None:
    nameless = {key: value for key, value in review(1).items() if key != "@id"}
    body = microdata("배송이  빠르고 <i>정말</i> 좋아요 1", "하나 더")
    batches = crawl(shop, shop.page("/p", html(product(nameless), body=body)))
    assert ids_of(batches) == ["m0", "m1"]
    assert batches[0].reviews[0].created_at is not None


def test_rdfa_is_read_when_there_is_nothing_else(shop: HostileServer) -> None:
    body = (
        '<div vocab="https://schema.org/" typeof="Product"><h1 property="name">컵</h1>'
        '<div property="review" typeof="Review"><p property="reviewBody">참 좋아요</p>'
        '<p property="reviewRating" typeof="Rating"><b property="ratingValue">5</b></p></div></div>'
    )
    batches = crawl(shop, shop.page("/p", html(body=body)))
    assert [(one.text, one.rating) for one in reviews_of(batches)] == [("참 좋아요", 5.0)]
    assert batches[0].product is not None
    assert batches[0].product.name == "컵"
