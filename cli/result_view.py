"""The result of an analysis in a terminal: feelings, aspects, quotes, coverage, report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.counting import counted
from cli.progress_view import STYLES
from domain.aspects import ASPECTS_KO, Aspect
from domain.emotions import EMOTIONS_KO, Emotion
from reports import figures
from reports.completeness import scale, sentence
from reports.text import visible

#: Aspects shown; the report has them all.
TOP_ASPECTS = 6
#: Characters of a quote that are shown.
QUOTE_CHARS = 60
BAR_WIDTH = 24
#: In the order they are told; a stored result does not keep one.
FEELINGS = ("positive", "neutral", "mixed", "negative")
PLUS, MINUS = "green", "red"


def draw_result(document: Mapping[str, Any], report: Path | None) -> RenderableType:
    """Return the result as `tasks.documents.result_document` gives it, ready to print."""
    numbers = document["numbers"]
    parts: list[RenderableType] = [_heading(document), Text(_summary(numbers))]
    if numbers["cards"]:
        parts += ["", _emotions(numbers["emotions"])]
    if numbers["aspects"]:
        parts += ["", _aspects(numbers["aspects"])]
    parts += ["", Text(sentence(document["coverage"]).en)]
    told = scale(document["coverage"])
    parts += [Text(told.en)] if told is not None else []
    parts += [Text(line, style="yellow") for line in gaps(document)]
    if report is not None:
        parts.append(Text.assemble("Report: ", (report.resolve().as_uri(), "underline")))
    return Group(*parts)


def _heading(document: Mapping[str, Any]) -> Text:
    status = document["status"]
    return Text.assemble(
        (visible(document["product"]["name"], 80), "bold"),
        "  ",
        (status, STYLES.get(status, "")),
        "\n",
        (f"{visible(document['source'], 100)}  {document['task_id']}", "dim"),
    )


def _summary(numbers: Mapping[str, Any]) -> str:
    cards = numbers["cards"]
    feelings = ", ".join(
        f"{figures.percent(figures.of(numbers['feelings'][name], cards))} {name}"
        for name in FEELINGS
        if numbers["feelings"][name]
    )
    mean = f"mean feeling {figures.signed(numbers['polarity'])}"
    parts = [counted(cards, "card"), feelings, mean]
    rated = numbers["ratings"]["rated"]
    if rated:
        parts.append(f"{figures.score(numbers['ratings']['mean'])} of 5 stars ({rated:,} rated)")
    return " · ".join(part for part in parts if part)


def _emotions(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Emotions", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("emotion")
    table.add_column("감정")
    table.add_column("")
    table.add_column("cards", justify="right")
    table.add_column("share", justify="right")
    most = max(row["primary"] for row in rows)
    for row in rows:
        if row["primary"]:
            bar = ProgressBar(total=most, completed=row["primary"], width=BAR_WIDTH)
            korean = EMOTIONS_KO[Emotion(row["emotion"])]
            share = figures.percent(row["share"])
            table.add_row(row["emotion"], korean, bar, f"{row['primary']:,}", share)
    return table


def _aspects(rows: list[dict[str, Any]]) -> Table:
    title = "Aspects, most mentioned first"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("aspect", no_wrap=True)
    table.add_column("mentions", justify="right")
    table.add_column("+", justify="right", style=PLUS)
    table.add_column("−", justify="right", style=MINUS)
    table.add_column("neutral", justify="right", style="dim")
    table.add_column("in their words", overflow="fold")
    for row in rows[:TOP_ASPECTS]:
        name = f"{row['aspect']} {ASPECTS_KO[Aspect(row['aspect'])]}"
        counts = [f"{row[each]:,}" for each in ("mentions", "positive", "negative", "neutral")]
        table.add_row(name, *counts, _quotes(row["quotes"]))
    if len(rows) > TOP_ASPECTS:
        table.caption = f"{len(rows) - TOP_ASPECTS} more in the report"
        table.caption_justify = "left"
    return table


def _quotes(quotes: Mapping[str, list[dict[str, Any]]]) -> Text:
    lines = [
        Text(f"{sign} “{visible(quotes[feeling][0]['text'], QUOTE_CHARS)}”", style=style)
        for feeling, sign, style in (("positive", "+", PLUS), ("negative", "−", MINUS))
        if quotes[feeling]
    ]
    return Text("\n").join(lines)


def gaps(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each kind of thing that is not in the numbers, with its reasons."""
    coverage = document["coverage"]
    kinds = (
        ("review", "without a card", document["numbers"]["failures"]),
        ("record", "in quarantine", coverage["quarantined"]),
        ("page", "not read", coverage["refused"]),
    )
    for thing, state, reasons in kinds:
        if reasons:
            each = ", ".join(f"{visible(code, 60)} {count:,}" for code, count in reasons.items())
            yield f"{counted(sum(reasons.values()), thing)} {state}: {each}"
    if coverage["stopped_by"]:
        yield f"reading stopped early: {visible(coverage['stopped_by'], 60)}"
    if coverage.get("unread"):
        declared, read = coverage["declared"], coverage["declared"] - coverage["unread"]
        yield f"the source declares {declared:,} reviews, {read:,} could be read"
