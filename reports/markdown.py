"""A result as compact Markdown, for places that show no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from reports import changes, completeness, figures, headline, trust
from reports.reasons import FAILURES, QUARANTINE, REFUSALS, STOPS, explain
from reports.text import visible
from reports.words import ASPECTS, EMOTIONS, FEELINGS, STATUSES, label

#: Everything that Markdown, its tables or HTML could take for a sign of their own, and the dot
#: that makes "www." a link.
_SIGNS: Final = re.compile(r"[\\`*_{}\[\]()#+!|~<>&$:@\"'=-]|(?<=www)\.", re.IGNORECASE)
_QUOTE_CHARS: Final = 100
_ASPECT_ROWS: Final = 13
_RANKED: Final = 5
_IMPACT: Final = (
    "영향은 카드 1,000장마다 그 측면이 더한 극성입니다.  \n"
    "Impact is the polarity that the aspect adds to every 1,000 cards."
)


def escaped(raw: object, most: int = 200) -> str:
    """Return foreign text on one line that Markdown and HTML show as it is.

    Numeric character references instead of backslashes: they also hold where a renderer lets
    HTML through, and keep a bare address from becoming a link.
    """
    return _SIGNS.sub(lambda found: f"&#{ord(found[0])};", visible(raw, most))


def render_markdown(result: Mapping[str, Any]) -> str:
    """Return the result as Markdown; `report_path`, if set, is linked.

    Takes what `render_report` takes. Everything in it is taken as foreign text.
    """
    numbers, coverage = result["numbers"], result["coverage"]
    blocks = [
        f"# {escaped(result['product'].get('name') or figures.NONE)}",
        _summary(result),
        "## 감정 Emotions",
        _emotions(numbers),
        "## 측면 Aspects",
        _rankings(numbers),
        _aspects(numbers),
        _changes(numbers),
        _trust(numbers),
        "## 수집 범위 Coverage",
        _coverage(coverage, numbers),
        _origin(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _summary(result: Mapping[str, Any]) -> str:
    numbers = result["numbers"]
    ratings = numbers["ratings"]
    shares = " · ".join(_feeling(numbers, name) for name in FEELINGS)
    mean = figures.signed(numbers["polarity"]) + figures.bracketed(
        figures.signed_range(numbers.get("polarity_interval"))
    )
    within = figures.score_range(ratings.get("interval"))
    told = ", ".join(filter(None, (within, f"n={figures.count(ratings['rated'])}")))
    figures_line = (
        f"평균 극성 Mean polarity {mean}",
        f"별점 Rating {figures.score(ratings['mean'])} ({told})",
        f"카드 Cards {figures.count(numbers['cards'])}",
    )
    mood, status = headline.mood(numbers), label(STATUSES, result["status"])
    lines = [f"**{mood}** · {escaped(status)}", " · ".join(figures_line)]
    if numbers["cards"]:
        lines.append(shares)
    if 0 < numbers["cards"] < figures.SMALL_SAMPLE:
        lines.append(f"표본이 작습니다 Small sample (n={numbers['cards']})")
    if result.get("report_path"):
        lines.append(_link(str(result["report_path"])))
    return "  \n".join(lines)


def _feeling(numbers: Mapping[str, Any], name: str) -> str:
    share = figures.percent(figures.of(numbers["feelings"][name], numbers["cards"]))
    # Results of schema 1 have no intervals.
    interval = numbers.get("feeling_shares", {}).get(name, {}).get("interval")
    return f"{FEELINGS[name]} {share}{figures.bracketed(figures.percent_range(interval))}"


def _link(path: str) -> str:
    """Return a link to the report; its place is written too, as browsers may not open files."""
    if path.lower().startswith(("http://", "https://")):
        target = quote(path, safe="/:?&=%#.~-_")
    else:
        place = PurePath(path)
        target = place.as_uri() if place.is_absolute() else quote(path)
    return f"[리포트 Report](<{target}>) {escaped(path, 500)}"


def _table(heads: Sequence[str], sides: str, rows: Iterable[Sequence[str]]) -> str:
    """Return a table; `sides` has "l" or "r" for each column."""
    rule = ["---:" if side == "r" else "---" for side in sides]
    lines = (heads, rule, *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _emotions(numbers: Mapping[str, Any]) -> str:
    rows = [
        (
            escaped(label(EMOTIONS, row["emotion"])),
            figures.count(row["primary"]),
            figures.percent(row["share"])
            + figures.bracketed(figures.percent_range(row.get("interval"))),
            figures.score(row["mean_score"]),
            _best(row["quotes"]),
        )
        for row in numbers["emotions"]
        if row["primary"]
    ]
    if not rows:
        return "감정 카드가 없습니다. There are no emotion cards."
    heads = ("감정 Emotion", "카드 Cards", "비율 Share", "평균 점수 Mean score", "고객의 말 Quote")
    return _table(heads, "lrrrl", rows)


def _aspects(numbers: Mapping[str, Any]) -> str:
    rows = [
        (
            escaped(label(ASPECTS, row["aspect"])),
            figures.count(row["mentions"]),
            figures.count(row["positive"]),
            figures.count(row["neutral"]),
            figures.count(row["negative"]),
            figures.per_thousand(row["impact"])
            + figures.bracketed(figures.per_thousand_range(row.get("impact_interval"))),
            _best(row["quotes"]["positive"]),
            _best(row["quotes"]["negative"]),
        )
        for row in numbers["aspects"][:_ASPECT_ROWS]
    ]
    if not rows:
        return "측면을 언급한 리뷰가 없습니다. No review speaks of an aspect we know."
    heads = (
        "측면 Aspect",
        "언급 Mentions",
        "긍정 Positive",
        "중립 Neutral",
        "부정 Negative",
        "영향/1,000 Impact per 1,000",
        "긍정의 말 Positive quote",
        "부정의 말 Negative quote",
    )
    return _table(heads, "lrrrrrll", rows) + f"\n\n{_IMPACT}"


def _rankings(numbers: Mapping[str, Any]) -> str:
    """Return what hurts and what pleases most, one line each."""
    pleases, hurts = headline.ranked(numbers)
    sides = (
        ("▼ 가장 아프게 하는 것 Hurts most", hurts),
        ("▲ 가장 기쁘게 하는 것 Pleases most", pleases),
    )
    return "  \n".join(
        f"{name}: " + ", ".join(str(label(ASPECTS, row["aspect"])) for row in rows[:_RANKED])
        for name, rows in sides
        if rows
    )


def _changes(numbers: Mapping[str, Any]) -> str:
    lines = [
        f"- {each.change.sign} {each.change.words}: {escaped(each.words, 300)}"
        for each in changes.told(numbers["weeks"])
    ]
    return "\n".join(["**우연이 아닌 변화 Changes beyond chance**", "", *lines]) if lines else ""


def _trust(numbers: Mapping[str, Any]) -> str:
    """Return the numbers with the doubted reviews and without; nothing where none is doubted."""
    shown = trust.view(numbers)
    if shown is None or not shown["doubted"]:
        return ""
    signs = ", ".join(f"{words} {count}" for words, count in shown["signals"])
    lead = f"## 의심 표시 Signs of doubt\n\n{escaped(signs, 400)}. 증거는 아닙니다. No proof.\n\n"
    rows = [
        (str(words), *(value + figures.bracketed(within) for value, within in both))
        for words, both in shown["rows"]
    ]
    return lead + _table(("", "모두 All", "의심 리뷰 제외 Without doubted"), "lrr", rows)


def _best(quotes: Sequence[Mapping[str, Any]]) -> str:
    return f"“{escaped(quotes[0]['text'], _QUOTE_CHARS)}”" if quotes else figures.NONE


def _coverage(coverage: Mapping[str, Any], numbers: Mapping[str, Any]) -> str:
    told = completeness.sentence(coverage)
    gaps = [
        (escaped(what), escaped(row.code), row.times, escaped(row.meaning))
        for what, codes, meanings in (
            ("분석 실패 Not analysed", numbers["failures"], FAILURES),
            ("읽지 못한 페이지 Pages not read", coverage["refused"], REFUSALS),
            ("격리 Quarantined", coverage["quarantined"], QUARANTINE),
        )
        for row in completeness.counted(codes, meanings)
    ]
    blocks = [f"{told.ko}  \n{told.en}"]
    scale = completeness.scale(coverage)
    if scale is not None:
        blocks.append(f"{escaped(scale.ko, 300)}  \n{escaped(scale.en, 300)}")
    if coverage["stopped_by"]:
        stop = coverage["stopped_by"]
        blocks.append(f"**{escaped(stop, 60)}** {escaped(explain(STOPS, stop), 300)}")
    if gaps:
        heads = ("무엇 What", "이유 Reason", "건 n", "뜻 Meaning")
        blocks.append(_table(heads, "llrl", gaps))
    return "\n\n".join(blocks)


def _origin(result: Mapping[str, Any]) -> str:
    parts = (
        f"출처 Source {escaped(result['source'], 500)}",
        f"분석기 Analyzer {escaped(result['analyzer_version'])}",
        f"작업 Task {escaped(result['task_id'])}",
    )
    anew = completeness.again(result["coverage"], result["analyzer_version"])
    told = [] if anew is None else [f"{escaped(anew.ko, 300)}  \n{escaped(anew.en, 300)}"]
    return "\n\n".join([*told, " · ".join(parts)])
