"""The page of figures in the reference, written whole by `make evaluate`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from training.evaluation import Figure

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "analyzer-figures.md"
_HEAD = """\
# Figures of the analyzer

Written by `make evaluate`; not by hand. What the rows mean, and what the analyzer is made of:
[Analyzer](analyzer.md). Nothing counted here was trained on; the parts are chosen by the hash of a
row's id. Speed and memory are of the machine that wrote this page.

Analyzer `{version}`

| figure | value | n | must | aim | |
|---|---:|---:|---:|---:|---|
"""


def draw(version: str, figures: Iterable[Figure]) -> str:
    """Return the page."""
    return _HEAD.format(version=version) + "".join(map(_row, figures))


def _row(figure: Figure) -> str:
    bounds = (_number(figure.must), _number(figure.aim))
    cells = (figure.name, _number(figure.value), f"{figure.texts:,}", *bounds, _verdict(figure))
    return "| " + " | ".join(cells) + " |\n"


def _verdict(figure: Figure) -> str:
    if figure.must is None:
        return ""
    if not _reaches(figure, figure.must):
        return "falls short"
    if figure.aim is None or not _reaches(figure, figure.aim):
        return "met"
    return "aim met"


def _reaches(figure: Figure, bound: float) -> bool:
    # An aim below the must, or an error: less is better.
    less = figure.name.startswith(("Calibration", "One review", "Memory"))
    return figure.value <= bound if less else figure.value >= bound


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.3f}"
