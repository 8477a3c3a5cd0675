"""The page of a comparison, and the section of it in a product's own report."""

from __future__ import annotations

import re
from typing import Any

import pytest
from comparing import numbers_of, result_of
from test_report_page import EVIL, Skeleton
from test_report_sample import typical_result

from domain.comparison import MARKS, compare
from reports.comparison import signs_of
from reports.comparison_page import comparison_name, render_comparison
from reports.files import report_name
from reports.page import render_report

ASPECTS = {"packaging": (0.4, 160), "price": (0.1, 120), "size_fit": (0.3, 9)}
WORDS = {"positive": "포장이 꼼꼼해요", "negative": "상자가 찌그러졌어요"}


def usual() -> dict[str, Any]:
    """Return the comparison of two products that differ."""
    a = numbers_of(400, 0.3, aspects=ASPECTS, words=WORDS, doubted=4)
    b = numbers_of(500, -0.1, aspects={**ASPECTS, "packaging": (-0.5, 200)}, words=WORDS)
    return compare([result_of("a", a, name="립 틴트"), result_of("b", b, name="Lip Stain")])


def test_a_page_has_every_section_and_both_languages() -> None:
    page = Skeleton(render_comparison(usual()))
    headings = {value for _, name, value in page.attributes if name == "aria-labelledby"}
    assert headings == {"products", "apart", "overall", "aspects", "emotions", "method"}
    for said in (
        *("립 틴트", "Lip Stain", "+0.30", "−0.10", "포장이 꼼꼼해요", "상자가 찌그러졌어요"),
        *("What sets them apart", "무엇이 다른가", "Mean polarity without doubted reviews"),
        *("▲ B", "▼ A", "적음 few", "of which at most 5% by chance"),
    ):
        assert said in page.text
    assert "cards reanalyze" not in page.text


def test_the_page_asks_nobody_for_anything_and_links_to_nothing() -> None:
    html = render_comparison(usual())
    page = Skeleton(html)
    loading = {"src", "srcset", "data", "poster", "action", "background", "href"}
    assert not [found for found in page.attributes if found[1] in loading]
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    policy = next(v for _, n, v in page.attributes if n == "content" and "default-src" in (v or ""))
    assert "default-src 'none'" in (policy or "")
    assert "'sha256-" in (policy or "")
    assert len(html.encode()) < 200_000


@pytest.mark.parametrize("count", range(2, len(MARKS) + 1))
def test_two_to_six_products_stand_side_by_side(count: int) -> None:
    results = [
        result_of(f"t{at}", numbers_of(100 + at, at / 10, aspects=ASPECTS, words=WORDS))
        for at in range(count)
    ]
    page = Skeleton(render_comparison(compare(results)))
    for mark, result in zip(MARKS, results, strict=False):
        assert result["product"]["name"] in page.text
        assert result["task_id"] in page.text
        assert f"{mark}:" in page.text


def hostile(text: str) -> dict[str, Any]:
    """Return a comparison in which everything a stranger may write is `text`."""
    words = {"positive": text[:100], "negative": text[:100]}
    results = []
    for at, polarity in enumerate((0.5, -0.5)):
        numbers = numbers_of(300, polarity, aspects={"packaging": (polarity, 200)}, words=words)
        result = result_of(f"{text}{at}", numbers, name=text, source=text)
        result["product"] |= {"brand": text, "category": text, "url": text}
        results.append({**result, "analyzer_version": f"{text}{at}"})
    return compare(results)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_words_are_shown_and_add_no_element(evil: str) -> None:
    tame = Skeleton(render_comparison(hostile("x" * len(evil))))
    page = Skeleton(render_comparison(hostile(evil)))
    assert page.tags == tame.tags
    assert " ".join(evil.split()) in page.text


def test_different_analyzers_and_older_results_are_told_loudly() -> None:
    results = [result_of(one, numbers_of(50), analyzer_version=f"model-{one}") for one in "ab"]
    del results[1]["numbers"]["polarity_interval"]
    page = Skeleton(render_comparison(compare(results)))
    assert "Different versions of the analyzer made these results" in page.text
    assert "서로 다른 분석기 버전이 만든 결과입니다" in page.text
    assert "cards reanalyze" in page.text
    assert "nothing is claimed of them: B" in page.text


def test_products_without_cards_can_be_shown_too() -> None:
    nothing = compare([result_of("a", numbers_of(0, rating=None)), result_of("b", numbers_of(40))])
    page = Skeleton(render_comparison(nothing))
    assert "There is no aspect of which a difference is certain." in page.text
    assert "No ratings" in page.text


def test_then_and_now_are_named_so() -> None:
    results = [
        result_of(one, numbers_of(100), product_id="p", created_at=f"2026-0{one}-01T00:00:00+00:00")
        for one in "12"
    ]
    page = Skeleton(render_comparison(compare(results)))
    assert "One product, then and now" in page.text
    assert re.search(r"이전 Then .* 지금 Now", page.text)
    assert "Many reviews may be in both results" in page.text


def test_who_is_really_better_is_named_by_mark() -> None:
    levels = (0.5, 0.0, -0.5)
    document = compare([result_of(str(n), numbers_of(200, n)) for n in levels])
    row = document["overall"][0]
    signs = [signs_of(document, row, at) for at in range(3)]
    assert signs == [{"▲": "B C"}, {"▲": "C", "▼": "A"}, {"▼": "A B"}]


def test_what_is_neither_good_nor_bad_is_only_more_or_less() -> None:
    a, b = numbers_of(300, aspects={"price": (0.2, 200)}), numbers_of(300, aspects={})
    document = compare([result_of("a", a), result_of("b", b)])
    row = document["aspects"][0]["share_of_cards"]
    assert [signs_of(document, row, at) for at in (0, 1)] == [{"↑": "B"}, {"↓": "A"}]


def test_a_report_has_the_section_where_there_is_an_earlier_result() -> None:
    result = {**typical_result(), "product_id": "p"}
    before = {**result, "task_id": "before", "created_at": "2026-01-01T00:00:00+00:00"}
    html = render_report(result, earlier=compare([before, result]))
    page = Skeleton(html)
    assert "Against the analysis before" in page.text
    assert "2026-01-01 00:00 UTC" in page.text
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert "Against the analysis before" not in render_report(result)


def test_the_same_results_in_the_same_order_have_one_page() -> None:
    ids = ["3f2a91c0-0000-4000-8000-000000000001", "77777777-0000-4000-8000-000000000003"]
    assert comparison_name(ids) == "compare-3f2a91c0-77777777"
    assert report_name(comparison_name(ids)) == "compare-3f2a91c0-77777777.report.html"
    assert comparison_name(ids[::-1]) != comparison_name(ids)
    assert "/" not in comparison_name(["../../etc", "x"])
