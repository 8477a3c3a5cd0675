"""Pages that follow one another, and crawls that stop and go on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from crawling import crawl, ids_of, running, source_at
from hostile_server import Exchange, HostileServer, html, product, review

from domain.errors import AccessDenied, NoReviewsFound, SourceUnavailable


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with running(HostileServer()) as server:
        yield server


def numbered(shop: HostileServer, pages: int, link: str) -> str:
    """Serve pages of two reviews each; `link` is the element that leads to page {next}."""

    def send(exchange: Exchange) -> None:
        number = int(exchange.query.get("page", "1"))
        more = link.format(next=number + 1) if number < pages else ""
        exchange.send(html(product(review(number * 10), review(number * 10 + 1)), body=more))

    return shop.on("/p", send)


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="/p?page={next}">more</a>',
        '<link rel="NEXT" href="?page={next}">',
        '<a href="#">top</a> <a href="/p?page=1">1</a> <a href="?page={next}">{next}</a>',
        '<button data-next-url="/p?page={next}">more</button>',
    ],
)
def test_reviews_of_all_pages_are_read_once(shop: HostileServer, link: str) -> None:
    batches = crawl(shop, numbered(shop, 3, link))
    assert ids_of(batches) == ["r10", "r11", "r20", "r21", "r30", "r31"]
    assert [batch.done for batch in batches] == [False, False, True]
    assert batches[-1].stopped_by is None
    assert max(count for path, count in shop.asked.items() if path.startswith("/p")) == 1


def test_link_header_and_path_numbers_lead_on(shop: HostileServer) -> None:
    shop.page("/a", html(product(review(1))), Link='</other>; rel="prev", </a/2>; rel="next"')
    shop.page("/a/2", html(product(review(2)), body='<a href="/a/2/page/2">2</a>'))
    shop.page("/a/2/page/2", html(product(review(3))))
    assert ids_of(crawl(shop, shop.url("/a"))) == ["r1", "r2", "r3"]


def test_load_more_endpoint_is_read_to_its_end(shop: HostileServer) -> None:
    def more(exchange: Exchange) -> None:
        number = int(exchange.query["page"])
        items = [
            {"reviewId": number * 2, "content": "좋아요", "stars": 5, "createdAt": 1735689600},
            review(number * 2 + 1),
        ]
        body = {"data": {"items": items}, "next_page": number + 1 if number < 4 else None}
        exchange.send(json.dumps(body), content_type="application/json")

    shop.on("/api", more)
    shop.page("/p", html(product(review(1)), body='<div data-reviews-url="/api?page=1"></div>'))
    batches = crawl(shop, shop.url("/p"))
    assert ids_of(batches) == ["r1", "2", "r3", "4", "r5", "6", "r7", "8", "r9"]
    first = batches[1].reviews[0]
    assert (first.text, first.rating, str(first.created_at)) == (
        *("좋아요", 5.0),
        "2025-01-01 00:00:00+00:00",
    )


def test_json_under_a_wrong_type_is_json(shop: HostileServer) -> None:
    for kind in ("text/html", "application/vnd.api+json", "text/json; charset=euc-kr"):
        body = json.dumps({"reviews": [{"id": 1, "text": "좋아요"}]}, ensure_ascii=False)
        url = shop.page("/p", body.encode("cp949"), content_type=kind)
        assert crawl(shop, url)[0].reviews[0].text == "좋아요"


def test_a_crawl_goes_on_from_any_cursor_with_the_same_batches(shop: HostileServer) -> None:
    url = numbered(shop, 4, '<a rel="next" href="/p?page={next}">more</a>')
    whole = crawl(shop, url)
    for at, batch in enumerate(whole):
        cursor = json.loads(json.dumps(batch.cursor))
        rest = list(source_at(shop, url).batches(cursor))
        if batch.done:
            assert [(one.reviews, one.done, one.pages) for one in rest] == [((), True, 0)]
        else:
            assert rest == whole[at + 1 :]


def test_pages_that_repeat_their_reviews_end_the_crawl(shop: HostileServer) -> None:
    def send(exchange: Exchange) -> None:
        number = int(exchange.query.get("page", "1"))
        link = f'<a rel="next" href="?page={number + 1}">more</a>'
        exchange.send(html(product(review(min(number, 3))), body=link))

    batches = crawl(shop, shop.on("/p", send))
    assert ids_of(batches) == ["r1", "r2", "r3"]
    assert (batches[-1].stopped_by, batches[-1].done) == ("endless_pagination", True)
    assert len(batches) == 4


def test_pages_in_a_circle_end_the_crawl(shop: HostileServer) -> None:
    shop.page("/p", html(product(review(1)), body='<a rel="next" href="/q">more</a>'))
    shop.page("/q", html(product(review(2)), body='<a rel="next" href="/p">more</a>'))
    batches = crawl(shop, shop.url("/p"))
    assert ids_of(batches) == ["r1", "r2"]
    assert batches[-1].stopped_by == "endless_pagination"


def test_limits_end_the_crawl_and_say_so(shop: HostileServer) -> None:
    url = numbered(shop, 50, '<a rel="next" href="/p?page={next}">more</a>')
    batches = crawl(shop, url, max_pages=3)
    assert (len(ids_of(batches)), batches[-1].stopped_by) == (6, "max_pages")
    batches = crawl(shop, url, spec={"max_reviews": 5})
    assert (len(ids_of(batches)), batches[-1].stopped_by) == (5, "max_reviews")
    batches = crawl(shop, url, max_reviews=4)
    assert (len(ids_of(batches)), batches[-1].stopped_by) == (4, "max_reviews")
    assert crawl(shop, url, max_reviews=100)[-1].stopped_by is None


def test_a_page_that_is_refused_later_keeps_what_came_before(shop: HostileServer) -> None:
    shop.page("/p", html(product(review(1)), body='<a rel="next" href="/secret">more</a>'))
    shop.page("/secret", "no", status=403)
    batches = crawl(shop, shop.url("/p"))
    assert ids_of(batches) == ["r1"]
    assert batches[-1].stopped_by == "page_refused"
    assert [(one.code, one.where) for one in batches[-1].refusals] == [
        ("access_denied", f"page {shop.url('/secret')}")
    ]


def test_a_refused_endpoint_is_an_error_while_nothing_is_collected(shop: HostileServer) -> None:
    shop.page("/p", html(product(), body='<div data-reviews-url="/api"></div>'))
    shop.page("/api", "no", status=403)
    with pytest.raises(AccessDenied):
        crawl(shop, shop.url("/p"))


def test_a_failing_page_is_raised_until_the_final_attempt(shop: HostileServer) -> None:
    shop.page("/p", html(product(review(1)), body='<a rel="next" href="/down">more</a>'))
    shop.page("/down", "sorry", status=500)
    batches = source_at(shop, shop.url("/p")).batches(None)
    cursor = next(batches).cursor
    with pytest.raises(SourceUnavailable):
        next(batches)
    last = list(source_at(shop, shop.url("/p"), final_attempt=True).batches(cursor))
    assert [(one.done, one.stopped_by) for one in last] == [(True, "page_failed")]
    assert last[0].refusals[0].code == "source_unavailable"


def test_a_failing_first_page_is_raised_even_on_the_final_attempt(shop: HostileServer) -> None:
    shop.page("/p", "sorry", status=500)
    with pytest.raises(SourceUnavailable):
        crawl(shop, shop.url("/p"), final_attempt=True)


def test_another_site_is_not_followed_and_told(shop: HostileServer) -> None:
    with running(HostileServer()) as other:
        link = f'<a rel="next" href="{other.url("/p")}">more</a>'
        shop.page("/p", html(product(review(1)), body=link))
        batches = crawl(shop, shop.url("/p"), allowed_private_hosts=[shop.host, other.host])
        assert not other.asked
    assert (batches[-1].stopped_by, batches[-1].refusals[0].code) == (
        "page_refused",
        "address_refused",
    )


def test_a_page_without_reviews_is_an_error_by_name(shop: HostileServer) -> None:
    with pytest.raises(NoReviewsFound, match=r"no schema\.org reviews"):
        crawl(shop, shop.page("/p", html(product())))


def test_empty_pages_do_not_go_on_for_ever(shop: HostileServer) -> None:
    def send(exchange: Exchange) -> None:
        number = int(exchange.query.get("page", "1"))
        exchange.send(html(body=f'<a rel="next" href="?page={number + 1}">more</a>'))

    with pytest.raises(NoReviewsFound):
        crawl(shop, shop.on("/p", send))
    assert sum(shop.asked.values()) < 5


def test_a_probe_reads_the_product_and_the_crawl_does_not_ask_again(shop: HostileServer) -> None:
    rated = product(review(1), aggregateRating={"ratingValue": 4.5, "reviewCount": "1,234"})
    source = source_at(shop, shop.page("/p", html(rated)))
    assert source.expected_reviews() is None
    found = source.probe()
    assert found is not None
    assert (found.name, found.declared_reviews, found.declared_rating) == ("무선 청소기", 1234, 4.5)
    assert source.expected_reviews() == 1234
    assert ids_of(list(source.batches(None))) == ["r1"]
    assert shop.asked["/p"] == 1


def test_site_rules_read_a_shop_without_schema_data(shop: HostileServer, tmp_path) -> None:  # type: ignore[no-untyped-def]
    rules = tmp_path / "rules.toml"
    rules.write_text(
        f"""
        [[site]]
        hosts = ["{shop.host}"]
        container = "li.r"
        next_page = {{ selector = "a.go" }}
        best_rating = 100
        worst_rating = 20
        [site.fields]
        id = {{ attribute = "data-no" }}
        text = {{ selector = "p" }}
        rating = {{ selector = "i", attribute = "style", regex = 'width:(\\d+)%' }}
        [site.product]
        name = {{ selector = "h1" }}
        price = {{ selector = "b" }}
        currency = "KRW"
        """
    )
    row = '<li class=r data-no={0}><i style="width:80%"></i><p>좋은 <br>제품</p></li>'
    shop.page("/p", f"<h1>컵</h1><b>12,900원</b>{row.format(1)}<a class=go href=/p/2>2</a>")
    shop.page("/p/2", f"<h1>컵</h1>{row.format(2)}")
    batches = crawl(shop, shop.url("/p"), site_rules=rules)
    assert ids_of(batches) == ["1", "2"]
    assert (batches[0].reviews[0].rating, batches[0].reviews[0].text) == (4.0, "좋은\n제품")
    assert batches[0].product is not None
    assert batches[0].product.price is not None
    assert (batches[0].product.name, batches[0].product.price.amount) == ("컵", "12900")
