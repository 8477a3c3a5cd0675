"""A comparison in a terminal."""

from __future__ import annotations

import io
from typing import Any

from comparing import numbers_of, result_of
from rich.console import Console

from cli.comparison_view import draw_comparison
from domain.comparison import MARKS, compare

WORDS = {"positive": "포장이 꼼꼼해요", "negative": "상자가 \x1b]0;owned\x07찌그러졌어요\u202e"}


def drawn(document: dict[str, Any]) -> str:
    written = io.StringIO()
    Console(file=written, width=120, force_terminal=False).print(draw_comparison(document))
    return written.getvalue()


def two(**changed: Any) -> dict[str, Any]:
    a = numbers_of(400, 0.3, aspects={"packaging": (0.4, 160), "price": (0.1, 9)}, words=WORDS)
    b = numbers_of(500, -0.1, aspects={"packaging": (-0.5, 200)}, words=WORDS, doubted=5)
    return compare([result_of("a", a, name="립 틴트"), result_of("b", b, **changed)])


def test_what_really_differs_is_marked_and_quoted() -> None:
    text = drawn(two(name="Lip [bold]Stain"))
    assert "packaging 포장  A better than B by +0.90" in text
    assert "A “포장이 꼼꼼해요”" in text
    assert "+0.30 [+0.25, +0.35] ▲B" in text
    assert "−0.10 [−0.14, −0.06] ▼A" in text
    assert "+0.10 few" in text
    assert "Lip [bold]Stain  completed  500 cards, 5 doubted" in text
    assert "Different analyzers" not in text


def test_a_quote_cannot_write_to_the_terminal() -> None:
    text = drawn(two())
    assert "B “상자가 ‹U+001B›]0;owned" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_different_analyzers_and_older_results_come_before_the_numbers() -> None:
    text = drawn(two(analyzer_version="model-2"))
    assert text.index("Different analyzers made these results: model-1, model-2.") < text.index(
        "mean polarity"
    )
    old = result_of("old", numbers_of(50))
    del old["numbers"]["polarity_interval"]
    told = drawn(compare([old, result_of("new", numbers_of(50))]))
    assert "Older results have no intervals, and nothing is claimed of them: A." in told


def test_six_fit_side_by_side() -> None:
    results = [result_of(str(n), numbers_of(200 + n, n / 5)) for n in range(len(MARKS))]
    text = drawn(compare(results))
    assert max(map(len, text.splitlines())) <= 120
    assert "▲ABCDE" in text
    assert "No aspect in which they differ for certain." in text


def test_then_and_now_are_named() -> None:
    document = compare(
        [
            result_of(n, numbers_of(90), product_id="p", created_at=f"2026-0{n}-01T00:00:00+00:00")
            for n in "21"
        ]
    )
    text = drawn(document)
    assert text.index("A then") < text.index("B now")
    assert "take what is called real for a hint" in text


def test_tests_that_the_table_does_not_show_are_told_of() -> None:
    document = two()
    text = " ".join(drawn(document).split())
    made, real = document["tests"]["made"], document["tests"]["real"]
    shares = [row["share_of_cards"]["differences"][0] for row in document["aspects"]]
    beside = sum(pair["p"] is not None for pair in shares)
    hidden = sum(pair["real"] for pair in shares)
    assert beside
    assert f"{made} tests, {real} real, of which at most 5% by chance; {beside} of them" in text
    assert f"({hidden} real) are in the page alone" in text
    assert "take what is called real for a hint" not in text
