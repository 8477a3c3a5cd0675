"""A comparison in a terminal: the products, what sets them apart, and the numbers of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.counting import counted
from cli.progress_view import STYLES
from cli.result_view import MINUS, PLUS
from cli.task_ids import short
from domain.aspects import ASPECTS_KO, Aspect
from domain.emotions import EMOTIONS_KO, Emotion
from reports import figures
from reports.comparison import BETTER, WORSE, between, signs_of, time_words, told_by, words_of
from reports.completeness import sentence
from reports.text import visible

#: Characters of a name and of a quote that are shown.
NAME_CHARS = 60
QUOTE_CHARS = 60
#: With more products than these there is no room for intervals.
_WITH_INTERVALS = 2
_STYLES = {BETTER: PLUS, WORSE: MINUS}


def draw_comparison(document: Mapping[str, Any]) -> RenderableType:
    """Return the comparison as `domain.comparison.compare` gives it, ready to print."""
    parts: list[RenderableType] = [_product(document, at) for at in _each(document)]
    parts += [Text(line, style="bold yellow") for line in warnings(document)]
    parts += ["", _apart(document), "", _table(document), Text(legend(document), style="dim")]
    return Group(*parts)


def _each(document: Mapping[str, Any]) -> range:
    return range(len(document["products"]))


def _product(document: Mapping[str, Any], at: int) -> Text:
    product, time = document["products"][at], time_words(document, at)
    status = product["status"]
    return Text.assemble(
        (product["mark"], "bold"),
        f" {time.en.lower()}" if time else "",
        "  ",
        (visible(product["product"]["name"], NAME_CHARS), "bold"),
        "  ",
        (status, STYLES.get(status, "")),
        f"  {counted(product['cards'], 'card')}",
        f", {product['doubted']:,} doubted" if product["doubted"] else "",
        "\n",
        (f"   {visible(product['source'], 80)}  {short(product['task_id'])}", "dim"),
        (f"  {figures.moment(product['created_at'])}\n", "dim"),
        (f"   {sentence(product['coverage']).en}", "dim"),
    )


def warnings(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a reader must know before the numbers."""
    if not document["same_analyzer"]:
        versions = ", ".join(visible(version, 40) for version in document["analyzers"])
        yield f"Different analyzers made these results: {versions}."
        yield "A difference may come from the reading; `cards reanalyze` makes them alike."
    if document["over_time"]:
        yield "Many reviews may be in both results, and the tests take them for different ones:"
        yield "take what is called real for a hint. After `cards reanalyze` all are the same."
    older = [each["mark"] for each in document["products"] if not each["intervals"]]
    if older:
        marks = ", ".join(older)
        yield f"Older results have no intervals, and nothing is claimed of them: {marks}."


def legend(document: Mapping[str, Any]) -> str:
    """Return what the marks mean."""
    tests = document["tests"]
    pairs = [pair for row in _rows(document) for pair in row["differences"]]
    beside = tests["made"] - sum(pair["p"] is not None for pair in pairs)
    real = tests["real"] - sum(pair["real"] for pair in pairs)
    return (
        "▲B: really better than B; ▼B: really worse; ↑ ↓: really more or less. "
        f"{counted(tests['made'], 'test')}, {tests['real']:,} real, of which at most "
        f"{tests['false_at_most']:.0%} by chance"
        + (f"; {beside:,} of them ({real:,} real) are in the page alone" if beside else "")
        + f". few: fewer than {tests['min_count']}, no claim."
    )


def _apart(document: Mapping[str, Any]) -> RenderableType:
    if not document["apart"]:
        return Text("No aspect in which they differ for certain.")
    lines = [Text("What sets them apart, the strongest first", style="italic")]
    for line in document["apart"]:
        marks = [document["products"][line[side]]["mark"] for side in ("better", "worse")]
        strength = f"  {figures.per_thousand(line['strength'])} per 1,000 cards"
        lines.append(
            Text.assemble(
                f"{_aspect(line['aspect'])}  ",
                (f"{marks[0]} better than {marks[1]}", "bold"),
                f" by {figures.signed(line['difference'])}",
                (strength, "dim"),
            )
        )
        lines += _quotes(line["quotes"], marks)
    return Group(*lines)


def _quotes(quotes: Mapping[str, Any], marks: Sequence[str]) -> Iterator[Text]:
    sides = (("better", PLUS), ("worse", MINUS))
    for mark, (side, style) in zip(marks, sides, strict=True):
        if quotes[side] is not None:
            yield Text(f"  {mark} “{visible(quotes[side]['text'], QUOTE_CHARS)}”", style=style)


def _table(document: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for product in document["products"]:
        table.add_column(product["mark"])
    for row in _rows(document):
        cells = [_cell(document, row, at) for at in _each(document)]
        table.add_row(_label(row), *cells)
    return table


def _rows(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows in which any product has something."""
    groups = (
        *(document["overall"], document["feelings"]),
        *([row["polarity"] for row in document["aspects"]], document["emotions"]),
    )
    for rows in groups:
        yield from (row for row in rows if any(each["value"] for each in row["values"]))


def _label(row: Mapping[str, Any]) -> str:
    if row["measure"] == "aspect_polarity":
        return _aspect(row["name"])
    if row["measure"] == "emotion":
        return f"{row['name']} {EMOTIONS_KO[Emotion(row['name'])]}"
    return words_of(row).en.lower()


def _aspect(name: str) -> str:
    return f"{name} {ASPECTS_KO[Aspect(name)]}"


def _cell(document: Mapping[str, Any], row: Mapping[str, Any], at: int) -> Text:
    value, told = row["values"][at], told_by(row)
    cell = Text(told(value["value"]))
    if value["interval"] is None:
        cell.append(" few" if value["value"] is not None else "", style="dim")
    elif len(row["values"]) <= _WITH_INTERVALS:
        cell.append(f" {between(value['interval'], told)}", style="dim")
    for sign, marks in signs_of(document, row, at).items():
        # Kept together, so that a narrow column breaks between better and worse.
        cell.append(f" {sign}{marks.replace(' ', '')}", style=_STYLES.get(sign, ""))
    return cell
