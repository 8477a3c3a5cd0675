"""The result of an analysis in a terminal: feelings, aspects, quotes, coverage, report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.counting import counted
from cli.progress_view import STYLES
from domain.aspects import ASPECTS_KO, Aspect
from domain.emotions import EMOTIONS_KO, Emotion
from reports import changes, figures, trust
from reports.completeness import again, scale, sentence
from reports.headline import ranked
from reports.text import visible

#: Aspects shown; the report has them all.
TOP_ASPECTS = 6
#: Aspects named as hurting or pleasing most, with their impact per 1,000 cards.
RANKED = 3
#: Words named as said unusually often, with the cards that hold them.
TOP_KEYWORDS = 6
#: Characters of a quote that are shown.
QUOTE_CHARS = 60
BAR_WIDTH = 24
#: In the order they are told; a stored result does not keep one.
FEELINGS = ("positive", "neutral", "mixed", "negative")
PLUS, MINUS = "green", "red"


def draw_result(document: Mapping[str, Any]) -> RenderableType:
    """Return the result as `tasks.documents.result_document` gives it, ready to print."""
    numbers = document["numbers"]
    parts: list[RenderableType] = [_heading(document), Text(_summary(numbers))]
    if numbers["cards"]:
        parts += ["", _emotions(numbers["emotions"])]
    if numbers["aspects"]:
        parts += ["", _aspects(numbers["aspects"])]
    parts += list(_certain(numbers))
    parts += list(_keywords(document.get("keyword_analysis")))
    parts += ["", Text(sentence(document["coverage"]).en)]
    told = scale(document["coverage"])
    parts += [Text(told.en)] if told is not None else []
    anew = again(document["coverage"], document["analyzer_version"])
    parts += [Text(anew.en)] if anew is not None else []
    parts += [Text(line, style="yellow") for line in gaps(document)]
    return Group(*parts)


def _keywords(analysis: Mapping[str, Any] | None) -> Iterator[Text]:
    """Yield what is said unusually often, and by whom; nothing of what was not found."""
    for name, words in (
        ("distinctive", "Said unusually often"),
        ("disliked", "Said by the unhappy"),
        ("liked", "Said by the happy"),
    ):
        rows = analysis[name][:TOP_KEYWORDS] if analysis else []
        if rows:
            each = ", ".join(f"{visible(row['stem'], 24)} {row['cards']:,}" for row in rows)
            yield Text(f"{words}: {each}")


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
        f"{_share(numbers, name)} {name}" for name in FEELINGS if numbers["feelings"][name]
    )
    within = figures.bracketed(figures.signed_range(numbers.get("polarity_interval")))
    mean = f"mean feeling {figures.signed(numbers['polarity'])}{within}"
    parts = [counted(cards, "card"), feelings, mean]
    rated = numbers["ratings"]["rated"]
    if rated:
        within = figures.bracketed(figures.score_range(numbers["ratings"].get("interval")))
        mean = figures.score(numbers["ratings"]["mean"])
        parts.append(f"{mean}{within} of 5 stars ({rated:,} rated)")
    return " · ".join(part for part in parts if part)


def _share(numbers: Mapping[str, Any], feeling: str) -> str:
    share = figures.percent(figures.of(numbers["feelings"][feeling], numbers["cards"]))
    # Results of schema 1 have no intervals.
    interval = numbers.get("feeling_shares", {}).get(feeling, {}).get("interval")
    return share + figures.bracketed(figures.percent_range(interval))


def _certain(numbers: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield what can be claimed: what hurts and pleases, real changes, what doubts would change."""
    pleases, hurts = ranked(numbers)
    sides = (("Hurts most", MINUS, hurts), ("Pleases most", PLUS, pleases))
    lines = [
        Text.assemble(
            (f"{name}, per 1,000 cards: ", "bold"), (", ".join(map(_impact, rows[:RANKED])), style)
        )
        for name, style, rows in sides
        if rows
    ]
    for each in changes.told(numbers["weeks"]):
        style = PLUS if each.change.tone == "positive" else MINUS
        lines.append(Text(f"{each.change.sign} {each.change.words.en}: {each.words.en}", style))
    shown = trust.view(numbers)
    if shown and shown["doubted"]:
        lines.append(Text(_doubts(shown), style="yellow"))
    if lines:
        yield ""
        yield from lines


def _impact(row: Mapping[str, Any]) -> str:
    within = figures.bracketed(figures.per_thousand_range(row.get("impact_interval")))
    return f"{row['aspect']} {figures.per_thousand(row['impact'])}{within}"


def _doubts(shown: Mapping[str, Any]) -> str:
    rows = {words.en: [value for value, _ in both] for words, both in shown["rows"]}
    told = f"{counted(shown['doubted'], 'card')} with a sign of doubt, which is no proof"
    changed = (
        f"{name} {rows[row][1]} for {rows[row][0]}"
        for name, row in (("mean feeling", "Mean polarity"), ("stars", "Mean rating"))
        if rows[row][0] != figures.NONE
    )
    return f"{told}; without them: {', '.join(changed)}"


def _emotions(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Emotions", title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("emotion")
    table.add_column("감정")
    table.add_column("")
    table.add_column("cards", justify="right")
    table.add_column("share", justify="right")
    table.add_column("95%", justify="right", style="dim")
    most = max(row["primary"] for row in rows)
    for row in rows:
        if row["primary"]:
            bar = ProgressBar(total=most, completed=row["primary"], width=BAR_WIDTH)
            korean = EMOTIONS_KO[Emotion(row["emotion"])]
            share, within = row["share"], figures.percent_range(row.get("interval"))
            cells = (f"{row['primary']:,}", figures.percent(share), within)
            table.add_row(row["emotion"], korean, bar, *cells)
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
