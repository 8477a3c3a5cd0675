"""The rows of a comparison: the products' values with their intervals, and what really differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from reports import completeness, figures, intervals
from reports.headline import product_lines
from reports.intervals import Axis
from reports.sections import SIGNS, quote_rows
from reports.text import visible
from reports.words import ASPECTS, EMOTIONS, FEELINGS, STATUSES, Words, label

_OVERALL: Final = {
    "polarity": Words("평균 극성", "Mean polarity"),
    "polarity_without": Words("평균 극성, 의심 리뷰 제외", "Mean polarity without doubted reviews"),
    "rating": Words("평균 별점", "Mean rating"),
    "rating_without": Words("평균 별점, 의심 리뷰 제외", "Mean rating without doubted reviews"),
}
#: Beside a value that is really higher or lower than another's: better, worse, or neither.
BETTER, WORSE, MORE, LESS = "▲", "▼", "↑", "↓"
_SIGN_TONES: Final = {BETTER: "positive", WORSE: "negative", MORE: "neutral", LESS: "neutral"}
#: Six names have to stand beside each other.
_NAME_CHARS: Final = 80
Told = Callable[[float | None], str]


def view(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that the templates show of a comparison (`domain.comparison.compare`)."""
    products = comparison["products"]
    overall = comparison["overall"]
    return {
        "over_time": comparison["over_time"],
        "same_analyzer": comparison["same_analyzer"],
        "analyzers": [visible(version, 120) for version in comparison["analyzers"]],
        "tests": {name: figures.count(comparison["tests"][name]) for name in ("made", "real")},
        "false_at_most": f"{comparison['tests']['false_at_most']:.0%}",
        "min_count": comparison["tests"]["min_count"],
        "without_intervals": [each["mark"] for each in products if not each["intervals"]],
        "products": [_head(comparison, at) for at in range(len(products))],
        "apart": [_apart(comparison, line) for line in comparison["apart"]],
        "groups": [
            _group(comparison, [row for row in overall if "polarity" in row["measure"]]),
            _group(comparison, [row for row in overall if "rating" in row["measure"]]),
            _group(comparison, comparison["feelings"]),
        ],
        "aspects": _aspects(comparison),
        "emotions": _group(comparison, comparison["emotions"]),
    }


def time_words(comparison: Mapping[str, Any], at: int) -> Words | None:
    """Return "then" and "now" of two results of one product; None of any others."""
    if not comparison["over_time"] or len(comparison["products"]) != 2:
        return None
    return Words("지금", "Now") if at else Words("이전", "Then")


def _head(comparison: Mapping[str, Any], at: int) -> dict[str, Any]:
    product = comparison["products"][at]
    values = {row["measure"]: row["values"][at] for row in comparison["overall"]}
    polarity, rating = values["polarity"], values.get("rating", {"value": None, "n": 0})
    return {
        **product_lines(product["product"]),
        "name": visible(product["product"]["name"], _NAME_CHARS),
        "mark": product["mark"],
        "time": time_words(comparison, at),
        "status": product["status"],
        "status_words": label(STATUSES, product["status"]),
        "polarity": figures.signed(polarity["value"]),
        "interval": between(polarity["interval"], figures.signed),
        "rating": figures.score(rating["value"]),
        "rated": figures.count(rating["n"]),
        "cards": figures.count(product["cards"]),
        "failures": figures.count(product["failures"]),
        "doubted": figures.count(product["doubted"]),
        "small": product["cards"] < figures.SMALL_SAMPLE,
        "covered": completeness.sentence(product["coverage"]),
        "analyzer": visible(product["analyzer_version"], 120),
        "created_at": figures.moment(product["created_at"]),
        "source": visible(product["source"], 500),
        "task_id": visible(product["task_id"], 120),
    }


def between(interval: Sequence[float] | None, told: Told) -> str:
    """Return an interval as its values are told."""
    return f"[{told(interval[0])}, {told(interval[1])}]" if interval else figures.NONE


def _apart(comparison: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    products = comparison["products"]
    row = next(each for each in comparison["aspects"] if each["aspect"] == line["aspect"])
    values = row["polarity"]["values"]
    return {
        "words": label(ASPECTS, line["aspect"]),
        "better": products[line["better"]]["mark"],
        "worse": products[line["worse"]]["mark"],
        "difference": figures.signed(line["difference"]),
        "strength": figures.per_thousand(line["strength"]),
        "sides": [
            {
                "mark": products[line[side]]["mark"],
                "name": visible(products[line[side]]["product"]["name"], _NAME_CHARS),
                "sign": sign,
                "tone": tone,
                "polarity": figures.signed(values[line[side]]["value"]),
                "mentions": figures.count(values[line[side]]["n"]),
                "quotes": quote_rows([quote]) if (quote := line["quotes"][side]) else [],
            }
            for side, sign, tone in (("better", BETTER, "positive"), ("worse", WORSE, "negative"))
        ],
    }


def _group(comparison: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows that stand on one axis."""
    # What no card shows, of none of the products, is left away.
    rows = [row for row in rows if any(value["value"] for value in row["values"])]
    axis, told = _axis(rows)
    return {
        "scale": intervals.scale(axis),
        "rows": [
            {"words": words_of(row), "lines": _lines(comparison, row, axis, told)} for row in rows
        ],
    }


def words_of(row: Mapping[str, Any]) -> Words:
    """Return what a row measures."""
    tables = {"feeling": FEELINGS, "emotion": EMOTIONS}
    if row["measure"] in _OVERALL:
        return _OVERALL[row["measure"]]
    return label(tables.get(row["measure"], ASPECTS), row["name"])


def told_by(row: Mapping[str, Any]) -> Told:
    """Return how a row's values are told."""
    if "rating" in row["measure"]:
        return figures.score
    return figures.signed if "polarity" in row["measure"] else figures.percent


def _axis(rows: Sequence[Mapping[str, Any]]) -> tuple[Axis, Told]:
    shown = [
        place
        for row in rows
        for value in row["values"]
        for place in (value["value"], *(value["interval"] or ()))
        if place is not None
    ]
    told = told_by(rows[0]) if rows else figures.percent
    if told is figures.score:
        return intervals.RATINGS, told
    make = intervals.polarity_axis if told is figures.signed else intervals.share_axis
    return make(shown), told


def _lines(
    comparison: Mapping[str, Any], row: Mapping[str, Any], axis: Axis, told: Told
) -> list[dict[str, Any]]:
    lines = []
    for at, (product, value) in enumerate(zip(comparison["products"], row["values"], strict=True)):
        signs, mark = signs_of(comparison, row, at), product["mark"]
        within = between(value["interval"], told)
        title = f"{mark}: {told(value['value'])} {within}, n={value['n']:,}"
        lines.append(
            {
                "mark": mark,
                "time": time_words(comparison, at),
                "dot": intervals.dot(
                    mark, value["value"], value["interval"], axis, title, tone=_tone(signs)
                ),
                "value": told(value["value"]),
                "between": within,
                "n": figures.count(value["n"]),
                "few": value["n"] > 0 and value["interval"] is None,
                "signs": [(sign, marks, _SIGN_TONES[sign]) for sign, marks in signs.items()],
            }
        )
    return lines


def signs_of(comparison: Mapping[str, Any], row: Mapping[str, Any], at: int) -> dict[str, str]:
    """Return of which products the value is really better, worse, more or less: {"▲": "B C"}."""
    up, down = {
        "high": (BETTER, WORSE),
        "low": (WORSE, BETTER),
    }.get(row["better"] or "", (MORE, LESS))
    found: dict[str, list[str]] = {}
    for pair in row["differences"]:
        if pair["real"] and at in {pair["first"], pair["second"]}:
            first = pair["first"] == at
            other = pair["second"] if first else pair["first"]
            higher = (pair["difference"] > 0) == first
            mark = comparison["products"][other]["mark"]
            found.setdefault(up if higher else down, []).append(mark)
    return {sign: " ".join(found[sign]) for sign in _SIGN_TONES if sign in found}


def _tone(signs: Mapping[str, str]) -> str:
    """Return how the dot is drawn: who is better than one and worse than another is plain."""
    if BETTER in signs and WORSE not in signs:
        return "better"
    return "worse" if WORSE in signs and BETTER not in signs else "plain"


def _aspects(comparison: Mapping[str, Any]) -> dict[str, Any]:
    rows = comparison["aspects"]
    axis, told = _axis([row["polarity"] for row in rows])
    return {
        "scale": intervals.scale(axis),
        "rows": [_aspect(comparison, row, axis, told) for row in rows],
    }


def _aspect(
    comparison: Mapping[str, Any], row: Mapping[str, Any], axis: Axis, told: Told
) -> dict[str, Any]:
    shares = row["share_of_cards"]
    lines = _lines(comparison, row["polarity"], axis, told)
    for at, line in enumerate(lines):
        line["share"] = figures.percent(shares["values"][at]["value"]) if shares else figures.NONE
        oftener = signs_of(comparison, shares, at) if shares else {}
        line["oftener"] = list(oftener.items())
    return {
        "words": label(ASPECTS, row["aspect"]),
        "lines": lines,
        "quotes": [
            {
                "mark": product["mark"],
                "name": visible(product["product"]["name"], _NAME_CHARS),
                "sides": [
                    (side, SIGNS[side], FEELINGS[side], quote_rows(quotes[side], 2))
                    for side in ("positive", "negative")
                ],
            }
            for product, quotes in zip(comparison["products"], row["quotes"], strict=True)
        ],
    }
