"""Measures the shipped analyzer on what was kept back, one figure a row."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.analysis import ModelAnalyzer
from domain.analysis.model import shipped_model
from domain.cards import AnalysisFailure, Reading, ReviewText
from domain.emotions import EMOTIONS
from training.corpora import Row, corpus
from training.scales import area_under_curve, expected_error, f1

BATCH = 500
_NEGATOR = re.compile(r"(?:^| )(?:안|못) ?[가-힣]|지 ?(?:않|안|못)|없|아니|아닌")


class Figure(NamedTuple):
    """Something measured, and what it is measured against."""

    name: str
    value: float
    #: Texts, or sentence-aspect pairs, behind it.
    texts: int
    must: float | None = None
    aim: float | None = None


def figures(data: Path) -> Iterator[Figure]:
    """Yield all figures but those of speed."""
    analyzer = ModelAnalyzer()

    def read(texts: Sequence[str]) -> list[Reading | AnalysisFailure]:
        found: list[Reading | AnalysisFailure] = []
        for start in range(0, len(texts), BATCH):
            piece = texts[start : start + BATCH]
            found += analyzer.analyze([ReviewText(text, None) for text in piece])
        return found

    yield from _polarity(data, read)
    yield from _negations(read)
    yield from _emotions(data, read)
    yield from _aspects(data, read)


Read = Callable[[Sequence[str]], list[Reading | AnalysisFailure]]


def _polarity(data: Path, read: Read) -> Iterator[Figure]:
    nsmc = _sided(data, "nsmc")
    yield _accuracy("NSMC pos/neg accuracy", nsmc, read, 0.880, 0.890)
    product = _sided(data, "sentineg")
    negated = [row for row in product if _NEGATOR.search(row.text)]
    plain = [row for row in product if not _NEGATOR.search(row.text)]
    yield _accuracy("SentiNeg accuracy, sentences without a negator", plain, read, 0.960, 0.975)
    yield _accuracy("SentiNeg accuracy, sentences with a negator", negated, read, 0.780, 0.830)
    english = _sided(data, "en_reviews")
    vader = [row for row in english if row.part.startswith("vader")]
    yield _accuracy("English product sentences (VADER snippets)", vader, read, 0.82, 0.86)
    # Never trained on, so all of them count.
    uci = [row for row in corpus(data, "en_reviews") if row.part.startswith("uci")]
    uci = [row for row in uci if row.positive is not None]
    yield _accuracy("English sentences of UCI (Amazon, Yelp)", uci, read, 0.82, 0.86)
    for name, rows in (("NSMC", nsmc), ("SentiNeg", product), ("English", english)):
        error = expected_error((_polarities(read, rows) + 1) / 2, _labels(rows))
        yield Figure(f"Calibration error of polarity, {name}", error, len(rows), 0.05)


def _sided(data: Path, name: str) -> list[Row]:
    return [row for row in corpus(data, name) if row.kept_back and row.positive is not None]


def _labels(rows: Iterable[Row]) -> NDArray[np.bool_]:
    return np.array([row.positive for row in rows], np.bool_)


def _polarities(read: Read, rows: Sequence[Row]) -> NDArray[np.float64]:
    """Return the polarities; a failure is 0, and right for neither side."""
    readings = read([row.text for row in rows])
    return np.array([each.polarity if isinstance(each, Reading) else 0.0 for each in readings])


def _accuracy(name: str, rows: Sequence[Row], read: Read, must: float, aim: float) -> Figure:
    found, labels = _polarities(read, rows), _labels(rows)
    right = np.where(labels, found > 0, found < 0)
    return Figure(name, float(right.mean()), len(rows), must, aim)


def _negations(read: Read) -> Iterator[Figure]:
    pairs = list(_lines("negations.jsonl"))
    for side in ("plain", "negated"):
        found = read([pair[side] for pair in pairs])
        right = [
            isinstance(each, Reading)
            and (each.polarity > 0 if pair[f"{side}_label"] == "pos" else each.polarity < 0)
            for each, pair in zip(found, pairs, strict=True)
        ]
        yield Figure(f"Our own pairs, {side}", float(np.mean(right)), len(pairs))


def _emotions(data: Path, read: Read) -> Iterator[Figure]:
    rows = [row for row in corpus(data, "kote") if row.kept_back]
    readings = read([row.text for row in rows])
    scores = np.array([_scores(each) for each in readings])
    labels = np.array([[each in row.emotions for each in EMOTIONS] for row in rows])
    said = scores >= shipped_model()[0].thresholds
    both = [f1(said[:, each], labels[:, each]) for each in range(len(EMOTIONS))]
    areas = [area_under_curve(scores[:, each], labels[:, each]) for each in range(len(EMOTIONS))]
    yield Figure("KOTE coarse-10 macro-F1", float(np.mean(both)), len(rows), 0.680, 0.695)
    yield Figure("KOTE coarse-10 mean AUC", float(np.mean(areas)), len(rows), 0.795, 0.815)
    first = [
        (dict(each.emotions)[each.primary_emotion], each.primary_emotion in row.emotions)
        for each, row in zip(readings, rows, strict=True)
        if isinstance(each, Reading)
    ]
    chances, hits = (np.array(column) for column in zip(*first, strict=True))
    yield Figure("Primary emotion is among KOTE's labels", float(hits.mean()), len(first))
    error = expected_error(chances, hits)
    yield Figure("Calibration error of the primary emotion, KOTE", error, len(first), 0.05)


def _scores(reading: Reading | AnalysisFailure) -> list[float]:
    if isinstance(reading, Reading):
        return [score for _, score in reading.emotions]
    return [0.0] * len(EMOTIONS)


def _aspects(data: Path, read: Read) -> Iterator[Figure]:
    texts = {row.id: row.text for row in corpus(data, "sentineg")}
    labelled = [row for row in _lines("aspects.jsonl") if row["use"] == "test"]
    both = found = there = right = sided = spans = verbatim = 0
    for row, reading in zip(labelled, read([texts[row["id"]] for row in labelled]), strict=True):
        said: dict[str, float] = {}
        for mention in reading.aspects if isinstance(reading, Reading) else ():
            said[mention.aspect] = said.get(mention.aspect, 0.0) + mention.polarity
            quote = mention.evidence
            spans += 1
            verbatim += texts[row["id"]][quote.start : quote.end] == quote.text
        there, found = there + len(row["aspects"]), found + len(said)
        for aspect, side in row["aspects"].items():
            if aspect in said:
                both += 1
                if side != "mixed":
                    sided += 1
                    right += (said[aspect] > 0) == (side == "pos") and said[aspect] != 0
    yield Figure("Aspect detection F1", 2 * both / (found + there), there, 0.75, 0.85)
    yield Figure("Aspect polarity accuracy, where detected", right / sided, sided, 0.85, 0.90)
    yield Figure("Evidence spans verbatim", verbatim / spans, spans, 1.0, 1.0)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    path = resources.files("training") / "labels" / name
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
