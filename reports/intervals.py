"""Dots with whiskers on a common axis: a value, and between what it may truly lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from reports.charts import AXES, joined, picture, words_at

HEIGHT: Final = 24
_MIDDLE: Final = HEIGHT / 2
_RADIUS: Final = 9
#: Left free at both ends of the axis, in %, so that no dot is cut off.
_MARGIN: Final = 4.0


class Axis(NamedTuple):
    """From `low` to `high`, with the values at which a line is drawn and how each is told."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Return where a value stands, in % of the picture; what is beyond stands at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return _MARGIN + share * (100 - 2 * _MARGIN)


RATINGS: Final = Axis(1, 5, tuple((float(star), f"{star}★") for star in range(1, 6)))


def polarity_axis(values: Sequence[float]) -> Axis:
    """Return the axis of polarities: ±0.5 where all fit in, or ±1."""
    reach = 0.5 if max((abs(value) for value in values), default=0.0) <= 0.5 else 1.0
    steps = (-reach, -reach / 2, 0.0, reach / 2, reach)
    return Axis(-reach, reach, tuple((at, _signed(at)) for at in steps))


def share_axis(values: Sequence[float]) -> Axis:
    """Return the shortest axis of shares that holds them all."""
    most = max(values, default=0.0)
    found = next((axis for axis in AXES if most <= axis.top), AXES[-1])
    ticks = [(at * found.top, f"{at * found.top * 100:g}%") for at in found.ticks]
    return Axis(0.0, found.top, tuple(ticks))


def scale(axis: Axis) -> Markup:
    """Return what stands above the dots: the axis's values."""
    texts = [words_at(_pct(axis.place(at)), 12, told, "tick middle") for at, told in axis.ticks]
    return Markup('<svg class="chart" width="100%" height="16" aria-hidden="true">{}</svg>').format(
        joined(texts)
    )


def dot(
    mark: str,
    value: float | None,
    interval: Sequence[float] | None,
    axis: Axis,
    title: str,
    *,
    tone: str = "plain",
) -> Markup:
    """Return one product's line: its mark in a dot at the value, whiskers over the interval."""
    parts = [
        Markup('<line x1="{0}" x2="{0}" y1="-3" y2="{1}" class="{2}"/>').format(
            _pct(axis.place(at)), HEIGHT + 3, "grid" if at or not axis.low else "axis"
        )
        for at, _ in axis.ticks
    ]
    if interval is not None:
        parts.append(_whiskers(axis.place(interval[0]), axis.place(interval[1])))
    if value is not None:
        kind = tone if interval is not None else "few"
        # A nested svg is how a shape in px is put at a place in %.
        parts.append(
            Markup(
                '<svg x="{}" overflow="visible"><circle cy="{:g}" r="{}" class="place {}"/>'
                '<text y="{:g}" class="mark {}">{}</text></svg>'
            ).format(_pct(axis.place(value)), _MIDDLE, _RADIUS, kind, _MIDDLE + 4, kind, mark)
        )
    return picture(title, "", joined(parts), height=HEIGHT, kind="level")


def _whiskers(low: float, high: float) -> Markup:
    ends = joined(
        [
            Markup('<line x1="{0}" x2="{0}" y1="{1:g}" y2="{2:g}" class="spread"/>').format(
                _pct(at), _MIDDLE - 5, _MIDDLE + 5
            )
            for at in (low, high)
        ]
    )
    return (
        Markup('<line x1="{}" x2="{}" y1="{:g}" y2="{:g}" class="spread"/>').format(
            _pct(low), _pct(high), _MIDDLE, _MIDDLE
        )
        + ends
    )


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"


def _pct(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
