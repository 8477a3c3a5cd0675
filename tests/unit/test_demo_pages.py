"""What the demo shop's pages hold."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.catalog import Paging, Product, Syntax, load_products
from demo.linked_data import as_json, review_document
from demo.pages import Renderer, money, page_numbers, star_row
from demo.reviews import Scale, ShopReview, Summary, WrittenReviews
from demo.shelf import PriceTag, ShelfItem

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BASE = "http://127.0.0.1:1"
PRODUCTS = load_products()
NASTY = "</script><b onclick=\"x\">&amp; 'q' ]]> <!-- 끝"
ODD = ShopReview("a\"b'<c>&d", NASTY, NASTY, 3, '2026-01-02T"><')


def item_of(product: Product, *reviews: ShopReview, page_size: int = 20) -> ShelfItem:
    return ShelfItem(product, WrittenReviews(reviews), page_size, NOW)


def plain(number: int) -> ShopReview:
    return ShopReview(f"r{number}", "김*연", f"좋아요 {number}", 5, "2026-01-02T10:00:00+09:00")


def strictly_parsed(page: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.slug)
def test_pages_are_valid_html_in_the_products_language(product: Product) -> None:
    item = item_of(product, ODD, *map(plain, range(50)))

    for number in (1, 2, 3):
        tree = strictly_parsed(Renderer(BASE).product(item, number))
        assert tree.get("lang") == product.language
        assert tree.find("head/meta").get("charset") == product.charset


def test_every_other_page_is_valid_html() -> None:
    renderer = Renderer(BASE)
    items = [item_of(product, plain(1)) for product in PRODUCTS]

    for page in (
        renderer.front(items),
        renderer.notice("제목", "<내용>"),
        renderer.login("/x?a=1&b=2", "틀렸어요"),
    ):
        assert strictly_parsed(page).find("body/main") is not None


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.slug)
def test_hostile_text_stays_text(product: Product) -> None:
    tree = strictly_parsed(Renderer(BASE).product(item_of(product, ODD), 1))

    assert tree.find(".//article//b") is None
    assert NASTY in {element.text for element in tree.iter("p")}


def test_the_shelf_shows_every_syntax_paging_and_charset() -> None:
    assert {product.syntax for product in PRODUCTS} == set(Syntax)
    assert {product.paging for product in PRODUCTS} == set(Paging)
    assert {product.charset for product in PRODUCTS} == {"utf-8", "euc-kr"}
    assert {product.language for product in PRODUCTS} == {"ko", "en"}


def test_prices_are_printed_as_shops_do() -> None:
    assert money("59900", "KRW") == "59,900원"
    assert money("1064.50", "USD") == "$1,064.50"


@given(st.integers(1, 500), st.integers(1, 500))
def test_numbered_pages_reach_every_page(number: int, pages: int) -> None:
    number = min(number, pages)
    row = page_numbers(number, pages)
    shown = [n for n in row if n is not None]

    assert shown == sorted(set(shown))
    assert {1, pages, number, min(pages, number + 1)} <= set(shown)
    assert len(shown) <= 7


@given(st.floats(1, 5))
def test_stars_are_five_signs(rating: float) -> None:
    row = star_row(Scale().stars(rating))

    assert len(row) == 5
    assert row.count("★") == round(rating)


@given(st.text(st.characters()))
def test_json_in_a_script_is_safe_and_says_the_same(text: str) -> None:
    written = as_json({"text": text})

    assert json.loads(written.encode()) == {"text": text}
    assert not re.search("[<>&\x00-\x1f\x7f-\x9f]", written)


def test_what_a_review_lacks_is_left_out() -> None:
    empty = review_document(ShopReview(None, None, None, None, None), Scale())
    document = review_document(ShopReview("7", None, "", float("nan"), None), Scale(0, 100))

    assert empty == {"@type": "Review"}
    assert document["reviewBody"] == ""
    assert document["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": "nan",
        "bestRating": 100,
        "worstRating": 0,
    }


def test_a_product_without_ratings_claims_none() -> None:
    product = next(product for product in PRODUCTS if product.syntax is Syntax.JSON_LD)
    item = item_of(product, ShopReview("1", None, "글", None, None))

    assert item.summary == Summary(1, 0, None, Scale(), (0, 0, 0, 0, 0))
    assert "aggregateRating" not in Renderer(BASE).product(item, 1)


def test_the_price_follows_the_visits() -> None:
    tag = PriceTag(["10", "8", "8", "9"])
    seen = []
    for _ in range(6):
        tag.visit()
        seen.append((tag.amount, tag.changes))

    assert seen == [("10", 0), ("8", 1), ("8", 1), ("9", 2), ("10", 3), ("8", 4)]
    assert PriceTag([]).amount is None


def test_every_third_page_is_refused_every_other_time() -> None:
    product = next(product for product in PRODUCTS if product.too_many_every)
    item = item_of(product, plain(1))

    asks = [(number, item.too_many(number)) for number in (1, 2, 3, 3, 3, 6, 4, 6)]
    assert [number for number, refused in asks if refused] == [3, 3, 6]
