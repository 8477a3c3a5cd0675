"""Two or more results side by side: what differs, and which of the differences are real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from domain.aspects import ASPECTS
from domain.certainty import MIN_COUNT
from domain.contrasts import FEELINGS, Measure, Value, absent, chance, values_of
from domain.emotions import EMOTIONS
from domain.errors import InvalidRequest
from domain.statistics import discoveries

COMPARISON_SCHEMA: Final = 1
#: How the products are called. More than these side by side, and nobody sees what differs.
MARKS: Final = "ABCDEF"
#: Of the differences called real, at most this share is so by chance (Benjamini and Hochberg).
FALSE_AT_MOST: Final = 0.05
#: What sets the products apart, at most so many lines.
_APART: Final = 8
_QUOTES_EACH: Final = 3


@dataclass(slots=True)
class _Pair:
    """Two products held against each other in one row; `first` stands before `second`."""

    first: int
    second: int
    #: The first's value less the second's.
    difference: float
    chance: float | None
    real: bool = False

    def to_document(self) -> dict[str, Any]:
        p = None if self.chance is None else round(self.chance, 4)
        sides = {"first": self.first, "second": self.second}
        return {**sides, "difference": self.difference, "p": p, "real": self.real}


@dataclass(slots=True)
class _Row:
    """One measure over all products."""

    measure: Measure
    values: list[Value]
    pairs: list[_Pair] = field(default_factory=list)

    def to_document(self) -> dict[str, Any]:
        return {
            "measure": self.measure.kind,
            "name": self.measure.name,
            "better": self.measure.better,
            "values": [value.to_document() for value in self.values],
            "differences": [pair.to_document() for pair in self.pairs],
        }


def compare(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the comparison of results, each as `tasks.documents.result_document` gives it.

    A difference is the first's value less the second's. It is called real where it would come by
    chance so rarely that, of all that are called real here, at most one in twenty is expected to
    be by chance; nothing is claimed of fewer than `MIN_COUNT` cards, mentions or ratings.
    Results of one product alone are told in the order of their making.

    Raises:
        InvalidRequest: fewer than two results, too many, or the same one twice.
    """
    _check(results)
    over_time = len({result["product_id"] for result in results}) == 1
    if over_time:
        results = sorted(results, key=lambda each: (each["created_at"], each["task_id"]))
    rows = _rows([result["numbers"] for result in results])
    tested = _judge(rows)
    by_measure = {row.measure: row for row in rows}
    analyzers = sorted({version for each in results for version in _analyzers(each)})
    return {
        "schema_version": COMPARISON_SCHEMA,
        "over_time": over_time,
        "same_analyzer": len(analyzers) == 1,
        "analyzers": analyzers,
        "tests": {
            "made": tested,
            "real": sum(pair.real for row in rows for pair in row.pairs),
            "false_at_most": FALSE_AT_MOST,
            "min_count": MIN_COUNT,
        },
        "products": [_product(mark, each) for mark, each in zip(MARKS, results, strict=False)],
        "apart": _apart(by_measure, results),
        "overall": _documents(rows, "polarity", "polarity_without", "rating", "rating_without"),
        "feelings": _documents(rows, "feeling"),
        "aspects": _aspects(by_measure, results),
        "emotions": _documents(rows, "emotion"),
    }


def _check(results: Sequence[Mapping[str, Any]]) -> None:
    ids = [result["task_id"] for result in results]
    if len(ids) < 2:
        raise InvalidRequest("a comparison needs two results or more")
    if len(ids) > len(MARKS):
        raise InvalidRequest(f"at most {len(MARKS)} results are compared at once, not {len(ids)}")
    twice = next((task_id for task_id in ids if ids.count(task_id) > 1), None)
    if twice is not None:
        raise InvalidRequest(f"result {twice} is given twice")


def _analyzers(result: Mapping[str, Any]) -> list[str]:
    # A result lists several where the analyzer changed on the way.
    return str(result["analyzer_version"]).split(", ")


def _product(mark: str, result: Mapping[str, Any]) -> dict[str, Any]:
    numbers, coverage, product = result["numbers"], result["coverage"], result["product"]
    trust = numbers.get("trust")
    return {
        "mark": mark,
        "task_id": result["task_id"],
        "product_id": result["product_id"],
        "product": {key: product.get(key) for key in ("name", "brand", "category", "url")},
        "source": result["source"],
        "status": result["status"],
        "analyzer_version": result["analyzer_version"],
        "created_at": result["created_at"],
        "cards": numbers["cards"],
        "failures": sum(numbers["failures"].values()),
        "doubted": trust and trust["doubted"],
        # Older results have none, and without them nothing can be claimed.
        "intervals": "polarity_interval" in numbers,
        "coverage": coverage,
    }


def _rows(products: Sequence[Mapping[str, Any]]) -> list[_Row]:
    """Return a row for each measure that any of the products has, in a fixed order."""
    found = [values_of(numbers) for numbers in products]
    doubted = any((numbers.get("trust") or {}).get("doubted") for numbers in products)
    rows = []
    for measure in _measures():
        # Where no card is doubted anywhere, the same question is not asked twice.
        asked = doubted or not measure.kind.endswith("_without")
        if asked and any(measure in values for values in found):
            values = [
                each[measure] if measure in each else absent(measure, numbers)
                for each, numbers in zip(found, products, strict=True)
            ]
            rows.append(_Row(measure, values, list(_pairs(values))))
    return rows


def _measures() -> Iterator[Measure]:
    for kind in ("polarity", "polarity_without", "rating", "rating_without"):
        yield Measure(kind)
    yield from (Measure("feeling", name) for name in FEELINGS)
    for kind in ("aspect_polarity", "aspect_share"):
        yield from (Measure(kind, str(aspect)) for aspect in ASPECTS)
    yield from (Measure("emotion", str(emotion)) for emotion in EMOTIONS)


def _pairs(values: Sequence[Value]) -> Iterator[_Pair]:
    for (at, first), (to, second) in combinations(enumerate(values), 2):
        if first.value is not None and second.value is not None:
            difference = round(first.value - second.value, 4)
            yield _Pair(at, to, difference, chance(first, second))


def _judge(rows: Sequence[_Row]) -> int:
    """Mark what is real, all rows judged at once; return how many pairs were tested."""
    tested = [pair for row in rows for pair in row.pairs if pair.chance is not None]
    chances = [pair.chance for pair in tested if pair.chance is not None]
    for pair, real in zip(tested, discoveries(chances, FALSE_AT_MOST), strict=True):
        pair.real = real and pair.difference != 0
    return len(tested)


def _documents(rows: Sequence[_Row], *kinds: str) -> list[dict[str, Any]]:
    return [row.to_document() for row in rows if row.measure.kind in kinds]


def _aspects(
    rows: Mapping[Measure, _Row], results: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the aspects that any product's reviews speak of, most spoken of first."""
    by_name = [_by_aspect(result) for result in results]
    found = []
    for aspect in ASPECTS:
        mentions = [each[aspect]["mentions"] if aspect in each else 0 for each in by_name]
        if any(mentions):
            share = rows.get(Measure("aspect_share", aspect))
            document = {
                "aspect": str(aspect),
                "polarity": rows[Measure("aspect_polarity", aspect)].to_document(),
                "share_of_cards": share and share.to_document(),
                "mentions": mentions,
                "quotes": [_quotes(each.get(aspect)) for each in by_name],
            }
            found.append(
                (-max(_rate(n, r) for n, r in zip(mentions, results, strict=True)), document)
            )
    return [document for _, document in sorted(found, key=lambda pair: pair[0])]


def _by_aspect(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {row["aspect"]: row for row in result["numbers"]["aspects"]}


def _rate(mentions: int, result: Mapping[str, Any]) -> float:
    cards: int = result["numbers"]["cards"]
    return mentions / cards if cards else 0.0


def _quotes(row: Mapping[str, Any] | None) -> dict[str, list[dict[str, Any]]]:
    if row is None:
        return {"positive": [], "negative": []}
    return {side: list(row["quotes"][side][:_QUOTES_EACH]) for side in ("positive", "negative")}


def _apart(
    rows: Mapping[Measure, _Row], results: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the aspects in which products really differ, the strongest first.

    Its strength is the difference times how often the aspect is spoken of, the mean of both
    products: of the difference between the products' impacts, the part that comes from what is
    said of the aspect and not from how often (E. M. Kitagawa, 1955). An aspect comes once, with
    the two products that it sets apart most.
    """
    by_name = [_by_aspect(result) for result in results]
    found = []
    for aspect in ASPECTS:
        row = rows.get(Measure("aspect_polarity", aspect))
        lines = [
            _line(str(aspect), pair, by_name, results)
            for pair in (row.pairs if row else ())
            if pair.real
        ]
        if lines:
            found.append(max(lines, key=lambda line: line["strength"]))
    return sorted(found, key=lambda line: -line["strength"])[:_APART]


def _line(
    aspect: str,
    pair: _Pair,
    by_name: Sequence[Mapping[str, Mapping[str, Any]]],
    results: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    sides = (pair.first, pair.second)
    better, worse = sides if pair.difference > 0 else sides[::-1]
    rates = [_rate(by_name[at][aspect]["mentions"], results[at]) for at in sides]
    return {
        "aspect": aspect,
        "better": better,
        "worse": worse,
        "difference": abs(pair.difference),
        "strength": round(abs(pair.difference) * sum(rates) / 2, 4),
        "p": pair.to_document()["p"],
        "quotes": {
            "better": _best(by_name[better][aspect], "positive", "negative"),
            "worse": _best(by_name[worse][aspect], "negative", "positive"),
        },
    }


def _best(row: Mapping[str, Any], *sides: str) -> dict[str, Any] | None:
    """Return the strongest quote of the first side that has one."""
    for side in sides:
        if row["quotes"][side]:
            return {"feeling": side, **row["quotes"][side][0]}
    return None
