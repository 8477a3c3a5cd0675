"""The result in a terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import test_report_sample as sample
from rich.console import Console

from cli.console import print_address
from cli.result_view import draw_result, gaps
from domain.aspects import Aspect
from domain.cards import FailureReason
from domain.coverage import Coverage
from domain.rating_scale import find_scale
from domain.signals import SignalKind


def drawn(document: dict[str, Any], report: Path | None = None) -> str:
    written = io.StringIO()
    console = Console(file=written, width=140, force_terminal=False)
    console.print(draw_result(document))
    if report is not None:
        print_address(console, "Report: ", report)
    return written.getvalue()


def test_a_usual_result_tells_feelings_aspects_coverage_and_report(tmp_path: Path) -> None:
    result = sample.typical_result()
    text = drawn(result, tmp_path / "a b.report.html")
    numbers = result["numbers"]
    assert f"{numbers['cards']:,} cards" in text
    assert result["product"]["name"] in text
    assert "기쁨" in text
    top = numbers["aspects"][0]
    assert f"{top['mentions']:,}" in text
    assert top["quotes"]["positive"][0]["text"] in text
    assert "Collected 1,252 of 1,402 declared reviews" in text
    assert "a%20b.report.html" in text


def test_the_scale_of_a_files_ratings_is_told() -> None:
    coverage = Coverage(pages=1, collected=1, rating_scale=find_scale([5, 4, 3, 2, 77]))
    text = drawn(sample.make_result([sample.make_card()], coverage=coverage))
    assert "Ratings read on a scale of 1 to 5, found from the file (--rating-max sets it)." in text
    assert "scale of" not in drawn(sample.make_result([sample.make_card()]))


def test_what_can_be_claimed_is_told_with_its_range() -> None:
    text = drawn(sample.typical_result())
    assert re.search(r"Hurts most, per 1,000 cards: packaging −[\d.]+ \(−[\d.]+ ~ −[\d.]+\)", text)
    shifting = drawn(sample.make_result(sample.shifting_cards()))
    assert "▼ worse: weeks of 2025-10-06 to 2025-10-13: up to −0.64 against" in shifting
    assert "32.5%  29.9–35.2%" in text
    assert "mean feeling +0.29 (+0.26 ~ +0.32)" in " ".join(text.split())


def test_doubted_reviews_are_told_with_and_without() -> None:
    cards = [sample.make_card(n, rating=5.0 if n < 30 else 2.0) for n in range(60)]
    text = drawn(sample.make_result(sample.doubting(cards, SignalKind.COPY, "r-00000", 20)))
    assert "20 cards with a sign of doubt, which is no proof; without them" in text
    assert "stars 2.75 for 3.50" in text


def test_a_result_of_schema_1_is_drawn() -> None:
    result = sample.typical_result()
    result["numbers"] = sample.as_schema_1(result["numbers"])
    text = drawn(result)
    assert "32.5%" in text
    assert "29.9–35.2%" not in text


def test_mentions_are_told_in_three_parts() -> None:
    polarities = (0.9, 0.0, 0.1, -0.5)
    cards = [
        sample.make_card(n, polarity=p, aspects=(Aspect.PRICE,)) for n, p in enumerate(polarities)
    ]
    text = drawn(sample.make_result(cards))
    assert re.search(r"price 가격 +4 +1 +1 +2 ", text)


def test_gaps_name_every_reason() -> None:
    lines = list(gaps(sample.typical_result()))
    assert lines == [
        "12 reviews without a card: empty_text 9, unsupported_language 3",
        "3 records in quarantine: date_in_future 1, rating_out_of_range 2",
        "3 pages not read: access_denied 1, source_unavailable 2",
        "reading stopped early: max_pages",
    ]


def test_declared_reviews_that_could_not_be_read_are_a_gap() -> None:
    result = sample.make_result([sample.make_card()])
    result["coverage"] = Coverage(declared=5000, collected=10).to_state()
    assert list(gaps(result)) == ["the source declares 5,000 reviews, 10 could be read"]
    del result["coverage"]["unread"]
    assert list(gaps(result)) == []


def test_a_whole_result_has_no_gaps() -> None:
    assert list(gaps(sample.make_result([sample.make_card()]))) == []


def test_failures_alone_are_no_feeling() -> None:
    result = sample.make_result([], failures={FailureReason.EMPTY_TEXT: 2})
    text = drawn(result)
    assert "0 cards" in text
    assert "neutral" not in text
    assert "empty_text 2" in text


def test_a_quote_cannot_write_to_the_terminal() -> None:
    quote = "\x1b]0;owned\x07[bold]가격\u202e이 좋아요"
    card = sample.make_card(text=quote, aspects=(Aspect.PRICE,), polarity=0.9)
    text = drawn(sample.make_result([card]))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]가격" in text


def test_a_long_address_stays_on_one_line(tmp_path: Path) -> None:
    report = tmp_path / ("long-folder-" * 12) / "a.report.html"
    lines = drawn(sample.typical_result(), report).splitlines()
    assert f"Report: {report.as_uri()}" in lines
