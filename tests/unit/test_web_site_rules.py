"""Rules for sites without schema.org data."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidRequest
from sources.html_pages import parse_html
from sources.site_rules import load_site_rules

BARS = """<h1>컵</h1><p class=price><strong>12,900원</strong></p>
<b class=review-count>리뷰 1,024</b>
<ul class=reviews><li class=review data-no=7><div class=stars><i class=fill style="width: 60%"></i>
</div><p class=body>좋아요</p><time datetime=2025-01-02>어제</time></li></ul>
<a class=pager-next href="/p/2">다음</a>"""
BOARD = """<h2 class=product>컵</h2><table class=board><tr class=row><td class=subject>
<a name=r9></a>좋아요</td><td class=score>별점 4점</td><td class=date>2025.1.2</td></tr></table>
<b id=more data-href="/b/2">더보기</b>"""


@pytest.mark.parametrize(
    ("host", "body", "review", "following"),
    [
        ("www.bars.example", BARS, ("7", "좋아요", "60", "2025-01-02", 100), ["/p/2"]),
        ("board.example", BOARD, ("r9", "좋아요", "4", "2025.1.2", 5), ["/b/2"]),
    ],
)
def test_the_worked_examples_work(
    host: str, body: str, review: tuple[object, ...], following: list[str]
) -> None:
    rule = load_site_rules(None).for_host(host)
    assert rule is not None
    tree = parse_html(body, where=host)
    (raw,) = rule.reviews(tree)
    assert (raw.review_id, raw.text, raw.rating, raw.created_at, raw.best) == review
    assert rule.next_pages(tree) == following
    assert rule.product_node(tree)["name"] == "컵"


def test_the_product_of_a_rule_has_price_and_count() -> None:
    rule = load_site_rules(None).for_host("bars.example")
    assert rule is not None
    node = rule.product_node(parse_html(BARS, where="x"))
    assert node["offers"] == {"price": "12900", "priceCurrency": "KRW"}
    assert node["reviewCount"] == "1,024"


def test_no_rule_fits_other_hosts() -> None:
    assert load_site_rules(None).for_host("shop.example") is None


RULE = """[[site]]
hosts = ["x.example"]
container = "{container}"
{more}
[site.fields]
text = {{ {text} }}
"""


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"container": "li["}, "site.1.container"),
        ({"text": 'selector = "p", regex = "("'}, "site.1.fields.text.regex"),
        ({"text": 'regex = "(a)(b)"'}, "site.1.fields.text.regex"),
        ({"text": 'selektor = "p"'}, "site.1.fields.text.selektor"),
        ({"more": 'pages = "x"'}, "site.1.pages"),
        ({"more": 'best_rating = "many"'}, "site.1.best_rating"),
    ],
)
def test_a_mistake_is_told_by_its_key(tmp_path: Path, changes: dict[str, str], key: str) -> None:
    file = tmp_path / "rules.toml"
    parts = {"container": "li", "more": "", "text": 'selector = "p"', **changes}
    file.write_text(RULE.format(**parts))
    with pytest.raises(InvalidRequest) as caught:
        load_site_rules(file)
    assert key in caught.value.line
    assert str(file) in caught.value.line


def test_a_missing_or_broken_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        load_site_rules(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[[site")
    with pytest.raises(InvalidRequest, match="not TOML"):
        load_site_rules(broken)


def test_own_rules_come_before_the_packaged_ones(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULE.format(container="li", more="", text='selector = "p"').replace(
        "x.example", "board.example"))  # fmt: skip
    rule = load_site_rules(file).for_host("board.example")
    assert rule is not None
    assert rule.container == "li"
