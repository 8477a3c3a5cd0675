"""The demo shop over real HTTP, read as a crawler would."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import extruct
import httpx
import lxml.html
import pytest

from demo.catalog import Paging, Syntax, load_products
from demo.shop import YOUR_REVIEWS, DemoShop

CATALOG = {product.slug: product for product in load_products()}
SCHEMA = "https://schema.org/"


@pytest.fixture(scope="module")
def shop() -> Iterator[DemoShop]:
    with DemoShop() as opened:
        yield opened


@pytest.fixture(scope="module")
def client(shop: DemoShop) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shop.url, timeout=10) as opened:
        yield opened


def patient_get(client: httpx.Client, url: str, *, polite: bool = True) -> httpx.Response:
    """Ask again as long as the shop says "later"."""
    for _ in range(3):
        answer = client.get(url)
        if answer.status_code != 429:
            return answer.raise_for_status()
        time.sleep(float(answer.headers["Retry-After"]) if polite else 0)
    raise AssertionError(f"{url} answers 429 for ever")


def data_of(answer: httpx.Response, syntax: Syntax) -> list[Any]:
    html = answer.content.decode(answer.charset_encoding.replace("euc-kr", "cp949"))
    found = extruct.extract(html, base_url=str(answer.url), syntaxes=[str(syntax)])
    return found[str(syntax)]


def reviews_of(answer: httpx.Response, syntax: Syntax) -> list[tuple[str, str]]:
    """Return (id, body) of the reviews of a page, whatever its syntax."""
    data = data_of(answer, syntax)
    if syntax is Syntax.JSON_LD:
        return [(r["identifier"], r["reviewBody"]) for r in data[0]["review"]]
    if syntax is Syntax.MICRODATA:
        (product,) = (item for item in data if item["type"] == SCHEMA + "Product")
        rows = [review["properties"] for review in product["properties"]["review"]]
        return [(row["identifier"], row.get("reviewBody", "")) for row in rows]
    nodes = [node for node in data if SCHEMA + "Review" in node.get("@type", [])]
    names = (SCHEMA + "identifier", SCHEMA + "reviewBody")
    return [(node[names[0]][0]["@value"], node[names[1]][0]["@value"]) for node in nodes]


def next_page(answer: httpx.Response, paging: Paging, page: int) -> str | None:
    tree = lxml.html.fromstring(answer.content)
    if paging is Paging.NEXT:
        links = {a.get("href") for a in tree.xpath("//*[@rel='next']")}
        assert len(links) <= 1, "link and anchor must agree"
    else:
        links = {a.get("href") for a in tree.xpath("//nav//a") if a.text == str(page + 1)}
    return urljoin(str(answer.url), links.pop()) if links else None


def walk(client: httpx.Client, slug: str, syntax: Syntax, paging: Paging) -> list[tuple[str, str]]:
    """Return the reviews of all pages."""
    answer = patient_get(client, f"/products/{slug}")
    found = reviews_of(answer, syntax)
    if paging is Paging.LOAD_MORE:
        (button,) = lxml.html.fromstring(answer.text).xpath("//*[@data-load-more-url]")
        url = button.get("data-load-more-url")
        while url:
            more = patient_get(client, url).json()
            found += [(r["identifier"], r["reviewBody"]) for r in more["reviews"]]
            url = more["next"]
        return found
    page = 1
    while url := next_page(answer, paging, page):
        page += 1
        answer = patient_get(client, url)
        found += reviews_of(answer, syntax)
    return found


@pytest.mark.parametrize("slug", CATALOG)
def test_walking_the_pages_finds_every_review_once(client: httpx.Client, slug: str) -> None:
    product = CATALOG[slug]
    found = walk(client, slug, product.syntax, product.paging)

    assert len(found) == product.reviews
    assert len({review_id for review_id, _ in found}) == product.reviews
    assert sum(1 for _, body in found if body) > 0.9 * product.reviews


def test_products_are_listed_on_the_front_page(shop: DemoShop, client: httpx.Client) -> None:
    tree = lxml.html.fromstring(client.get("/").text)
    listed = {urljoin(shop.url, a.get("href")) for a in tree.xpath("//main//li//a")}

    assert listed == {product.url for product in shop.products}
    assert {p.slug: p.reviews for p in shop.products} == {
        slug: product.reviews for slug, product in CATALOG.items()
    }


def test_json_ld_says_all_of_the_product(client: httpx.Client) -> None:
    answer = client.get("/products/trail-daypack")
    (data,) = data_of(answer, Syntax.JSON_LD)

    assert data["name"] == CATALOG["trail-daypack"].name
    assert data["brand"]["name"] == "Hillside"
    assert (data["offers"]["priceCurrency"], data["offers"]["price"]) == ("USD", "64.00")
    assert data["aggregateRating"]["reviewCount"] == 60
    assert 1 < data["aggregateRating"]["ratingValue"] < 5
    assert client.get(data["image"]).headers["content-type"] == "image/svg+xml"
    review = data["review"][0]
    assert {"identifier", "author", "datePublished", "reviewRating"} <= set(review)


def test_microdata_says_all_of_the_product(client: httpx.Client) -> None:
    (data,) = data_of(client.get("/products/pressure-cooker-pot"), Syntax.MICRODATA)
    product = data["properties"]

    assert product["name"] == CATALOG["pressure-cooker-pot"].name
    assert product["brand"]["properties"]["name"] == "밥지음"
    assert product["offers"]["properties"]["priceCurrency"] == "KRW"
    assert product["offers"]["properties"]["availability"] == SCHEMA + "InStock"
    assert product["aggregateRating"]["properties"]["reviewCount"] == "90"
    review = product["review"][0]["properties"]
    assert review["author"]["properties"]["name"][1] == "*"
    assert re.fullmatch(r"[1-5]", review["reviewRating"]["properties"]["ratingValue"])
    assert re.match(r"2026-\d\d-\d\dT", review["datePublished"])


def test_the_euc_kr_page_decodes(client: httpx.Client) -> None:
    answer = client.get("/products/napa-kimchi")

    assert answer.headers["content-type"] == "text/html; charset=euc-kr"
    assert b'<meta charset="euc-kr">' in answer.content
    assert "순심이네 포기김치" in answer.content.decode("cp949")
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_every_third_page_asks_to_come_back_later(client: httpx.Client) -> None:
    url = "/products/running-shoes?page=6"
    # Another test may have asked before; one of two asks is refused in any case.
    answers = client.get(url), client.get(url)
    refused, passed = sorted(answers, key=lambda answer: -answer.status_code)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert passed.status_code == 200
    assert client.get("/products/running-shoes?page=2").status_code == 200


def test_an_unchanged_page_is_not_sent_again(client: httpx.Client) -> None:
    url = "/products/desk-lamp"
    first = client.get(url)
    by_tag = client.get(url, headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    by_date = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    stale = client.get(url, headers={"If-None-Match": '"other"'})
    older = client.get(url, headers={"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"})
    nonsense = client.get(url, headers={"If-Modified-Since": "yesterday"})

    assert [by_tag.status_code, by_date.status_code] == [304, 304]
    assert by_tag.content == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]
    assert [a.status_code for a in (stale, older, nonsense)] == [200, 200, 200]


def test_prices_change_with_the_visits() -> None:
    with DemoShop() as shop, httpx.Client(base_url=shop.url) as client:
        url = "/products/wireless-earphones"
        first = client.get(url)
        assert client.head(url).status_code == 200
        assert client.get(f"{url}?page=2").status_code == 200
        second = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        third = client.get(url, headers={"If-None-Match": second.headers["ETag"]})
        fourth = client.get(url, headers={"If-Modified-Since": second.headers["Last-Modified"]})

    prices = [
        data_of(answer, Syntax.JSON_LD)[0]["offers"]["price"] for answer in (first, second, fourth)
    ]
    assert prices == ["59900", "52900", "56900"]
    assert third.status_code == 304


def test_robots_and_the_closed_doors(client: httpx.Client) -> None:
    robots = client.get("/robots.txt").text
    assert {"Disallow: /admin/", "Disallow: /cart"} <= set(robots.splitlines())

    door = client.get("/products/members-only")
    assert (door.status_code, door.headers["location"][:6]) == (302, "/login")
    assert 'type="password"' in client.get(door.headers["location"]).text
    assert client.post("/login", data={"user": "a"}).status_code == 401
    assert client.get("/admin/orders").status_code == 403
    assert client.get("/cart").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/products/nope",
        "/images/nope.svg",
        "/products/desk-lamp?page=0",
        "/products/desk-lamp?page=4",
        "/products/desk-lamp?page=-1",
        "/products/desk-lamp?page=%C2%B2",
        "/products/desk-lamp?page=" + "9" * 5000,
        "/products/desk-lamp/reviews.json?page=2",
    ],
)
def test_what_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "없는 페이지" in answer.text


def all_bytes(seed: int) -> str:
    digest = hashlib.sha256()
    with DemoShop(seed=seed) as shop, httpx.Client(base_url=shop.url) as client:
        for product in CATALOG.values():
            for page in range(1, -(-product.reviews // 20) + 1):
                content = patient_get(client, f"{product.path}?page={page}", polite=False).content
                digest.update(content.replace(shop.url.encode(), b""))
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert all_bytes(3) == all_bytes(3) != all_bytes(4)


ROWS: list[dict[str, Any]] = [
    {
        "id": f"n{number}",
        "text": f"영화 {number} <b>재밌다</b> &amp; ㅋㅋ",
        "rating": number % 10 + 1,
    }
    for number in range(250)
] + [
    {"id": "odd", "text": "nul \x00, bell \x07, half \ud83d, line\u2028, </script>", "rating": 3},
    {"id": "none", "text": None, "rating": None, "date": "2026-01-05"},
]


def test_a_file_is_served_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    with DemoShop(reviews_file=path) as shop, httpx.Client(base_url=shop.url) as client:
        assert shop.products[0].slug == YOUR_REVIEWS
        assert shop.products[0].reviews == len(ROWS)
        served: list[dict[str, Any]] = []
        for page in (1, 2, 3):
            answer = client.get(f"/products/{YOUR_REVIEWS}?page={page}")
            (data,) = data_of(answer, Syntax.JSON_LD)
            served += data["review"]

    assert [review.get("reviewBody") for review in served] == [row["text"] for row in ROWS]
    assert [review["identifier"] for review in served] == [row["id"] for row in ROWS]
    assert [r.get("reviewRating", {}).get("ratingValue") for r in served] == [
        row["rating"] for row in ROWS
    ]
    assert {r["reviewRating"]["bestRating"] for r in served if "reviewRating" in r} == {10}
    assert [r["datePublished"] for r in served if "datePublished" in r] == ["2026-01-05"]


def test_the_file_can_be_limited_and_its_pages_sized(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS) + "no json\n")
    with DemoShop(reviews_file=path, limit=30, file_page_size=25, rating_max=20) as shop:
        assert (shop.products[0].reviews, shop.unreadable_rows) == (30, 0)
        answer = httpx.get(f"{shop.products[0].url}?page=2")
        (data,) = data_of(answer, Syntax.JSON_LD)

    assert len(data["review"]) == 5
    assert data["aggregateRating"]["bestRating"] == 20


def test_scale_multiplies_the_reviews() -> None:
    with DemoShop(scale=3, page_size=50) as shop:
        assert [product.reviews for product in shop.products] == [
            3 * product.reviews for product in CATALOG.values()
        ]
        answer = httpx.get(f"{shop.url}/products/wireless-earphones?page=15")
        assert len(reviews_of(answer, Syntax.JSON_LD)) == 20
