"""The result as Markdown: the same numbers, and no review can break its tables."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report_sample import (
    as_schema_1,
    doubting,
    make_card,
    make_result,
    shifting_cards,
    typical_result,
)

from domain.aspects import Aspect
from domain.cards import FailureReason
from domain.coverage import Coverage
from domain.rating_scale import given_scale
from domain.signals import SignalKind
from reports.markdown import escaped, render_markdown

EVIL = ("a|b", "one\n\n# two", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "`|`")


def columns(markdown: str) -> list[list[int]]:
    """Return, for each table, how many cells each of its lines has."""
    tables = re.findall(r"(?:^\|.*\|$\n?)+", markdown, re.MULTILINE)
    return [[line.count("|") - 1 for line in table.splitlines()] for table in tables]


def test_a_typical_result_has_its_tables_and_its_link() -> None:
    markdown = render_markdown(typical_result() | {"report_path": "/data/my reports/(1).html"})
    assert [set(table) for table in columns(markdown)] == [{5}, {8}, {4}]
    assert "| 만족 Satisfaction | 403 | 32.5% (29.9–35.2%) |" in markdown
    assert "“뚜껑이 깨진 채로 와서 속상했어요”" in markdown
    assert "[리포트 Report](<file:///data/my%20reports/%281%29.html>)" in markdown
    assert "Collected 1,252 of 1,402 declared reviews (89.3%)." in markdown
    assert "**max&#95;pages**" in markdown
    # Positive, neutral and negative make up the mentions; the impact is told per 1,000 cards.
    assert "| 품질 Quality | 193 | 91 | 76 | 26 | +34.1 (+23.7 ~ +44.5) |" in markdown
    assert "▼ 가장 아프게 하는 것 Hurts most: 포장 Packaging" in markdown
    shifting = render_markdown(make_result(shifting_cards()))
    assert "**우연이 아닌 변화 Changes beyond chance**\n\n- ▼ 나빠짐 worse: " in shifting


def test_the_scale_of_a_files_ratings_is_told() -> None:
    result = make_result([make_card()])
    assert "척도" not in render_markdown(result)
    result["coverage"]["rating_scale"] = given_scale(10).to_state()
    told = "Ratings read on a scale of 1 to 10, as given (--rating-max)."
    assert told in html.unescape(render_markdown(result))


def test_without_a_report_there_is_no_link() -> None:
    assert "](" not in render_markdown(typical_result())


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_text_stays_text(evil: str) -> None:
    card = make_card(text=evil, aspects=(Aspect.PRICE,), review_id=evil)
    coverage = Coverage(pages=1, collected=1, stopped_by=evil)
    result = make_result([card], coverage=coverage, source=evil)
    result["product"]["name"] = evil
    markdown = render_markdown(result)
    assert [set(table) for table in columns(markdown)] == [{5}, {8}]
    assert not re.search(r"<(?!file:)", markdown)
    assert "](" not in markdown
    assert len(re.findall(r"^#", markdown, re.MULTILINE)) == 4


@given(st.text(max_size=80))
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    shown = escaped(text)
    assert not re.search(r"[\n\r|<>`*_\[\]]", shown)
    plain = " ".join(text.split())
    if plain.isprintable() and "\u2060" not in plain:
        assert html.unescape(shown) == plain


@pytest.mark.parametrize("text", ["www.evil.example", "WWW.evil.example", "https://evil.example"])
def test_no_bare_address_becomes_a_link(text: str) -> None:
    assert not re.search(r"(?i)www\.|https?:", escaped(text))


def test_doubted_reviews_are_told_with_and_without() -> None:
    cards = doubting([make_card(n, rating=4.0) for n in range(40)], SignalKind.BURST, EVIL[0], 15)
    markdown = render_markdown(make_result(cards))
    assert [set(table) for table in columns(markdown)] == [{5}, {3}]
    assert "| 감정 카드 Emotion cards | 40 | 25 |" in markdown
    assert "증거는 아닙니다. No proof." in markdown
    assert "의심" not in render_markdown(make_result([make_card()]))


def test_a_result_of_schema_1_has_its_tables() -> None:
    result = typical_result()
    result["numbers"] = as_schema_1(result["numbers"])
    markdown = render_markdown(result)
    assert [set(table) for table in columns(markdown)] == [{5}, {8}, {4}]
    assert "| 만족 Satisfaction | 403 | 32.5% |" in markdown


def test_only_failures() -> None:
    markdown = render_markdown(make_result([], failures={FailureReason.EMPTY_TEXT: 2}))
    assert "There are no emotion cards." in markdown
    assert "| empty&#95;text | 2 |" in markdown
