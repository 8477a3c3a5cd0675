"""The product and its reviews among a page's schema.org data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import MalformedPage
from domain.rejections import Rejected
from domain.reviews import Price
from sources.html_pages import HtmlPage, element_text, parse_html
from sources.json_pages import read_json
from sources.jsonld import parse_lenient, read_jsonld
from sources.microdata import read_microdata
from sources.prices import plain_amount, price_of
from sources.products import product_info
from sources.raw_reviews import RawReview, build_reviews, storable
from sources.structured import find_product

URL = httpx.URL("https://shop.example/p/1")
NOW = datetime(2026, 1, 15, tzinfo=UTC)


def rev(number: int, **changes: Any) -> dict[str, Any]:
    return {"@type": "Review", "@id": f"r{number}", "reviewBody": f"text {number}", **changes}


def ids(*roots: Any) -> list[Any]:
    return [raw.review_id for raw in find_product(list(roots), url=URL)[1]]


def test_reviews_are_found_wherever_they_stand() -> None:
    assert ids({"@type": "Product", "review": rev(1)}) == ["r1"]
    assert ids({"@type": "http://schema.org/Product", "reviews": [rev(1), rev(2)]}) == ["r1", "r2"]
    assert ids({"@graph": [{"@type": ["Thing", "Product"], "review": [rev(1)]}]}) == ["r1"]
    assert ids(rev(1), rev(2)) == ["r1", "r2"]
    assert ids({"@type": "WebPage", "mainEntity": {"@type": "Product", "review": rev(1)}}) == ["r1"]
    assert ids({"@type": "Product", "review": {"reviewBody": "no type", "@id": "x"}}) == ["x"]
    assert ids({"schema:review": {"@type": "schema:Review", "schema:reviewBody": "y"}}) == [None]


def test_references_in_a_graph_are_followed() -> None:
    graph = [
        {"@type": "Product", "@id": "#p", "review": [{"@id": "#r"}, "#s"], "offers": {"@id": "#o"}},
        {"@type": "Offer", "@id": "#o", "price": 5, "priceCurrency": "EUR"},
        {"@type": "Review", "@id": "#r", "reviewBody": "a", "reviewRating": {"@id": "#n"}},
        {"@type": "Review", "@id": "#s", "reviewBody": "b"},
        {"@type": "Rating", "@id": "#n", "ratingValue": 8, "bestRating": 10},
    ]
    node, raws = find_product([{"@graph": graph}], url=URL)
    assert [(raw.text, raw.rating, raw.best) for raw in raws] == [("a", 8, 10.0), ("b", None, 5.0)]
    assert node is not None
    assert price_of(node) == Price("5", "EUR")


def test_circles_of_references_end() -> None:
    graph = [
        {"@type": "Product", "@id": "#p", "review": {"@id": "#r"}, "offers": {"@id": "#p"}},
        {"@type": "Review", "@id": "#r", "reviewBody": "a", "itemReviewed": {"@id": "#p"}},
    ]
    assert ids(graph[0], graph[1]) == ["#r"]


def test_reviews_of_other_products_are_left_out() -> None:
    own = {"@type": "Product", "name": "A", "url": "/p/1?utm_source=x", "review": [rev(1)]}
    related = {"@type": "Product", "name": "B", "review": [rev(2), rev(3)]}
    shop = {"@type": "Organization", "name": "S", "aggregateRating": {}, "review": [rev(9)] * 5}
    about_b = rev(4, itemReviewed={"@type": "Product", "name": "B"})
    about_a = rev(5, itemReviewed={"@type": "Product", "name": "A"})
    assert ids(own, related, shop, about_b, about_a) == ["r1", "r5"]
    assert ids({**own, "isRelatedTo": related}) == ["r1"]
    assert ids({**own, "hasVariant": [{"@type": "Product", "review": rev(6)}]}) == ["r1", "r6"]


def test_own_scale_comes_before_the_products_and_nonsense_before_neither() -> None:
    rating = {"ratingValue": 7, "bestRating": 10, "worstRating": 0}
    product = {"@type": "Product", "aggregateRating": {"bestRating": 100, "worstRating": 20}}
    records = [rev(1, reviewRating=rating), rev(2, reviewRating={"ratingValue": 60})]
    records += [rev(3, reviewRating={"ratingValue": 5, "bestRating": 5, "worstRating": 5})]
    _, raws = find_product([{**product, "review": records}], url=URL)
    reviews, rejected = build_reviews(raws, where="page", now=NOW)
    assert [review.rating for review in reviews] == [3.8, 3.0]
    assert [one.reason for one in rejected] == ["rating_out_of_range"]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"@id": "_:b0", "identifier": {"@type": "PropertyValue", "value": 17}}, 17),
        ({"identifier": "abc"}, "abc"),
        ({"url": "https://shop.example/p#review-9"}, "review-9"),
        ({"data-review-id": "d1", "@id": "other"}, "d1"),
        ({"url": "https://shop.example/p"}, None),
    ],
)
def test_ids_are_taken_from_where_shops_put_them(node: dict[str, Any], expected: Any) -> None:
    assert ids({"@type": "Review", "reviewBody": "x", **node}) == [expected]


def test_too_much_data_is_refused() -> None:
    reviews = [{"@type": "Review"} for _ in range(200_001)]
    with pytest.raises(MalformedPage, match="200,000"):
        find_product([{"@type": "Product", "review": reviews}], url=URL)


@pytest.mark.parametrize(
    ("raw", "currency", "plain"),
    [
        ("29,900", "KRW", "29900"),
        ("29.900", "KRW", "29900"),
        ("29.90", "EUR", "29.9"),
        ("1.234,50", "EUR", "1234.5"),
        ("1,234.50", "USD", "1234.5"),
        ("₩ 1,290,000원", "KRW", "1290000"),
        (12.5, "USD", "12.5"),
        (0, "KRW", "0"),
        ("1e3", "KRW", "1000"),
        ("free", "KRW", None),
        (-5, "KRW", None),
        ("9" * 30, "KRW", None),
        (float("nan"), "KRW", None),
        (True, "KRW", None),
        (None, "KRW", None),
    ],
)
def test_amounts_become_plain_digits(raw: Any, currency: str, plain: str | None) -> None:
    assert plain_amount(raw, currency) == plain


def test_offers_of_every_form_give_a_price() -> None:
    offer = {"price": "9,900", "priceCurrency": "₩", "availability": "https://schema.org/InStock"}
    assert price_of({"offers": offer}) == Price("9900", "KRW", "InStock")
    assert price_of({"offers": [{"price": "x"}, offer]}) == Price("9900", "KRW", "InStock")
    aggregate = {"@type": "AggregateOffer", "lowPrice": 5, "highPrice": 9, "priceCurrency": "usd"}
    assert price_of({"offers": aggregate}) == Price("5", "USD")
    assert price_of({"offers": {"priceSpecification": offer}}) == Price("9900", "KRW", "InStock")
    assert price_of({"offers": {"price": 5}}) is None
    assert price_of({}) is None


def test_what_a_product_says_is_cleaned() -> None:
    node = {
        "name": " 컵\x00\n 대 ",
        "brand": {"name": "B"},
        "category": ["C", "D"],
        "image": [{"url": "/i.png"}],
        "aggregateRating": {"ratingValue": "9", "bestRating": 10, "reviewCount": "1,024"},
    }
    info = product_info(node, url=URL, fallback_name="x")
    assert (info.name, info.brand, info.category) == ("컵 대", "B", "C")
    assert info.image_url == "https://shop.example/i.png"
    assert (info.declared_reviews, info.declared_rating) == (1024, 4.5556)
    nothing = {"image": "data:x", "aggregateRating": {"ratingValue": "?"}}
    bare = product_info(nothing, url=URL, fallback_name="f")
    assert (bare.name, bare.image_url, bare.declared_rating) == ("f", None, None)


def test_a_count_of_ratings_is_no_count_of_reviews() -> None:
    rated = {"aggregateRating": {"ratingValue": 4, "ratingCount": 5000}}
    assert product_info(rated, url=URL, fallback_name="x").declared_reviews is None
    rated["aggregateRating"]["reviewCount"] = 12
    assert product_info(rated, url=URL, fallback_name="x").declared_reviews == 12


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("@type", "@id", "@graph", "review", "reviewRating", "ratingValue", "offers"),
                    *("bestRating", "price", "reviewBody", "itemReviewed", "aggregateRating"),
                    *("$a", "b.c"),
                ]
            ),
            inner | st.sampled_from(["Product", "Review"]),
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_any_data_gives_reviews_or_reasons(value: Any) -> None:
    node, raws = find_product([value], url=URL)
    reviews, rejected = build_reviews(raws, where="page", now=NOW)
    assert len(reviews) + len(rejected) <= len(raws)
    assert all(isinstance(one, Rejected) and str(one.reason) for one in rejected)
    json.dumps([one.record for one in rejected], allow_nan=False)
    if node is not None:
        assert product_info(node, url=URL, fallback_name="f").name


@given(JSON)
def test_valid_json_is_read_as_it_is(value: Any) -> None:
    text = json.dumps(value)
    assert json.dumps(parse_lenient(text)) == text


@given(st.text(alphabet='{}[]",:/*\\u0aé<!->\n ', max_size=60))
def test_any_text_is_json_or_a_value_error(text: str) -> None:
    try:
        value = parse_lenient(text)
    except ValueError:
        return
    assert json.loads(json.dumps(value)) is not None or value is None


def test_many_broken_blocks_are_counted_no_further() -> None:
    tree = parse_html("<script type='application/ld+json'>{x</script>" * 300, where="x")
    values, rejected = read_jsonld(tree, where="page x")
    assert (values, len(rejected)) == ([], 51)


def page_of(body: str) -> HtmlPage:
    return HtmlPage(URL, URL, parse_html(body, where="x"), body)


def test_microdata_reads_what_a_person_reads() -> None:
    items = read_microdata(
        page_of(
            """<div itemscope itemtype="https://schema.org/Product" itemid="#p">
            <a itemprop="url" href="?x=1">go</a><img itemprop="image" src="/i.png">
            <div itemprop="review" itemscope itemtype="https://schema.org/Review">
              <p itemprop="reviewBody">one<br>two <!-- no --> <b>three</b><script>no()</script> four
              </p><time itemprop="datePublished" datetime="2025-01-02">a day</time>
              <time itemprop="dateCreated">2025-01-03</time></div>
            <data itemprop="sku mpn" value="7">seven</data></div>"""
        )
    )
    (item,) = items
    (found,) = item["review"]
    assert item["url"] == ["https://shop.example/p/1?x=1"]
    assert (item["sku"], item["mpn"], item["@id"]) == (["7"], ["7"], "#p")
    assert found["reviewBody"][0].split() == ["one", "two", "three", "four"]
    assert (found["datePublished"], found["dateCreated"]) == (["2025-01-02"], ["2025-01-03"])


def test_microdata_of_hostile_depth_takes_bounded_time() -> None:
    body = "<div itemscope>" + "<i itemprop=a>" * 1500 + "<u></u>x" * 20_000
    (item,) = read_microdata(page_of(body))
    assert len(item["a"]) == 64


def test_element_text_breaks_lines_and_leaves_scripts_out() -> None:
    tree = parse_html("<div>a<p>b</p>c<style>x</style> d<!-- e -->f</div>", where="x")
    assert element_text(tree) == "a\nb\nc df"


def test_markup_in_json_text_becomes_text() -> None:
    raws = [RawReview({}, text="좋아요<br/>&quot;최고&quot; A&B &copy")]
    (review,), _ = build_reviews(raws, where="page", now=NOW)
    assert review.text == '좋아요\n"최고" A&B ©'


def test_plain_records_are_kept_as_they_are() -> None:
    record = {"a": [1, {"b": "좋아요"}], "c": None}
    assert storable(record) is record


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([{"id": 1, "text": "a"}], [(1, "a", None)]),
        ({"reviews": [{"reviewId": "x", "body": "b", "score": 3}]}, [("x", "b", 3)]),
        ({"data": {"list": [{"id": 2, "comment": "c", "rating": {"value": 4}}]}}, [(2, "c", 4)]),
        ({"items": [{"reviewBody": "d", "reviewNo": 5, "reviewRating": 2}]}, [(5, "d", 2)]),
        ({"@context": "x", "@type": "Product", "review": [rev(1)]}, [("r1", "text 1", None)]),
        ({"reviews": []}, []),
    ],
)
def test_json_of_many_shapes_is_read(document: Any, expected: list[Any]) -> None:
    found = read_json(json.dumps(document), url=URL)
    assert [(raw.review_id, raw.text, raw.rating) for raw in found.raws] == expected


@pytest.mark.parametrize(
    ("document", "at", "expected"),
    [
        ({"next": "/api?page=2"}, "", ["/api?page=2"]),
        ({"next_page": 3}, "?page=2", ["https://shop.example/p/1?page=3"]),
        ({"paging": {"next": {"href": "/n"}}}, "", ["/n"]),
        ({"data": {"pageInfo": {"hasNext": True}}}, "?page=4", ["https://shop.example/p/1?page=5"]),
        ({"hasNext": True}, "", []),
        ({"next": None, "hasMore": False}, "?page=2", []),
        ({"next": True}, "", []),
    ],
)
def test_json_tells_where_it_goes_on(document: Any, at: str, expected: list[str]) -> None:
    found = read_json(json.dumps({"reviews": [], **document}), url=URL.join(at))
    assert found.next_pages == expected


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "17", '{"a": 1}', '"x"'])
def test_json_without_reviews_is_malformed(text: str) -> None:
    with pytest.raises(MalformedPage):
        read_json(text, url=URL)
