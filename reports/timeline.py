"""The picture of feelings over time: mean polarity above, cards by feeling below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from domain.tally import POLARITY_BAND
from reports import figures
from reports.changes import CHANGES
from reports.charts import joined, picture, rect, words_at
from reports.periods import Period, Timeline
from reports.words import FEELINGS, Words

#: Heights in px, from the top.
_LINE_TOP, _LINE_HEIGHT = 14, 90
_BARS_TOP, _BARS_HEIGHT = 136, 170
_BARS_END: Final = _BARS_TOP + _BARS_HEIGHT
HEIGHT: Final = _BARS_END + 44
_AXIS_WIDTH: Final = 46
_MOST_LABELS: Final = 10


def draw(timeline: Timeline) -> Markup:
    """Return the axis and the plot side by side; the plot takes the width that is left."""
    top, reach = _ceiling(timeline.most), _reach(timeline)
    plot = _plot(timeline, top, reach)
    return Markup('<div class="plot">{}{}</div>').format(_axis(top, reach), plot)


def _ceiling(most: int) -> int:
    """Return a round number of at least `most` whose half is whole too."""
    if most <= 2:
        return 2
    power = int("1".ljust(len(str(most)), "0"))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most)


def _reach(timeline: Timeline) -> float:
    """Return how far the polarity axis goes to both sides of 0: ±0.5 if the means fit, or ±1."""
    # The mean of a handful may stand anywhere; it is drawn at the edge then.
    told = [period for period in timeline.periods if period.cards >= figures.FEW]
    widest = max((abs(period.polarity or 0.0) for period in told), default=1.0)
    return 0.5 if widest <= 0.5 else 1.0


def _line_y(polarity: float, reach: float) -> float:
    return _LINE_TOP + _LINE_HEIGHT * (1 - max(-1.0, min(1.0, polarity / reach))) / 2


def _axis(top: int, reach: float) -> Markup:
    edge = str(_AXIS_WIDTH - 6)
    parts = [
        words_at(edge, _line_y(value, reach) + 4, text, "tick end")
        for value, text in ((reach, f"+{reach:g}"), (0, "0"), (-reach, f"−{reach:g}"))
    ]
    for share in (0.0, 0.5, 1.0):
        y = _BARS_END - share * _BARS_HEIGHT + 4
        parts.append(words_at(edge, y, figures.count(round(top * share)), "tick end"))
    return Markup('<svg class="chart" width="{}" height="{}" aria-hidden="true">{}</svg>').format(
        _AXIS_WIDTH, HEIGHT, joined(parts)
    )


def _plot(timeline: Timeline, top: int, reach: float) -> Markup:
    step = 100 / len(timeline.periods)
    parts = [_grid(reach)]
    parts += [_bar(period, at * step, step, top) for at, period in enumerate(timeline.periods)]
    parts += _line(timeline.periods, step, reach)
    parts += _labels(timeline, step)
    parts += [_hover(p, at * step, step) for at, p in enumerate(timeline.periods) if p.cards]
    first, last = timeline.periods[0], timeline.periods[-1]
    title = Words("시간에 따른 감정", "Feelings over time")
    desc = (
        f"{timeline.unit.words}, {first.start} – {last.start}; "
        f"{figures.signed(first.polarity)} → {figures.signed(last.polarity)}"
    )
    return picture(title, desc, joined(parts), height=HEIGHT, kind="time")


def _grid(reach: float) -> Markup:
    upper, lower = _line_y(POLARITY_BAND, reach), _line_y(-POLARITY_BAND, reach)
    band = Markup('<rect width="100%" y="{:g}" height="{:g}" class="band"/>').format(
        upper, lower - upper
    )
    levels = [_line_y(value, reach) for value in (reach, 0, -reach)]
    levels += [_BARS_END - share * _BARS_HEIGHT for share in (0, 0.5, 1)]
    lines = [
        Markup('<line x1="0" x2="100%" y1="{0:g}" y2="{0:g}" class="grid"/>').format(y)
        for y in levels
    ]
    return band + joined(lines)


def _bar(period: Period, x: float, step: float, top: int) -> Markup:
    parts, y = [], float(_BARS_END)
    # One bar alone is not drawn as wide as the page.
    width = min(step * 0.76, 12)
    for feeling in reversed(FEELINGS):
        height = _BARS_HEIGHT * period.feelings[feeling] / top
        if height:
            y -= height
            left = x + (step - width) / 2
            parts.append(rect(left, width, feeling, y=round(y, 2), height=round(height, 2)))
    kind = "few" if period.cards < figures.FEW else "enough"
    return Markup('<g class="{}">{}</g>').format(kind, joined(parts))


def _line(periods: tuple[Period, ...], step: float, reach: float) -> list[Markup]:
    points = [
        ((at + 0.5) * step, _line_y(period.polarity, reach), period)
        for at, period in enumerate(periods)
        if period.polarity is not None
    ]
    parts = [_within(x, period.interval, reach) for x, _, period in points if period.interval]
    for (ax, ay, a), (bx, by, b) in pairwise(points):
        gap = bx - ax > step * 1.5 or min(a.cards, b.cards) < figures.FEW
        parts.append(
            Markup('<line x1="{:.2f}%" y1="{:.1f}" x2="{:.2f}%" y2="{:.1f}" class="{}"/>').format(
                ax, ay, bx, by, "line thin" if gap else "line"
            )
        )
    for x, y, period in points:
        kind = "dot few" if period.cards < figures.FEW else "dot"
        parts.append(
            Markup('<circle cx="{:.2f}%" cy="{:.1f}" r="3.5" class="{}"/>').format(x, y, kind)
        )
        parts += [_marker(x, y, direction) for direction in dict.fromkeys(period.changes)]
    return parts


def _within(x: float, interval: Sequence[float], reach: float) -> Markup:
    """Return a faint band over the interval, as far as the axis goes."""
    low, high = (_line_y(end, reach) for end in interval)
    return Markup(
        '<line x1="{0:.2f}%" x2="{0:.2f}%" y1="{1:.1f}" y2="{2:.1f}" class="around"/>'
    ).format(x, low, high)


def _marker(x: float, y: float, direction: str) -> Markup:
    """Return the sign of a change beyond chance: above the dot if better, below if worse."""
    change = CHANGES[direction]
    lower = y - 9 if direction == "better" else y + 19
    return words_at(f"{x:.2f}%", lower, change.sign, f"change {change.tone}")


def _labels(timeline: Timeline, step: float) -> list[Markup]:
    every = math.ceil(len(timeline.periods) / _MOST_LABELS)
    parts, year = [], 0
    for order, at in enumerate(range(0, len(timeline.periods), every)):
        day = timeline.periods[at].start
        x = f"{(at + 0.5) * step:.2f}%"
        # On a phone every second label makes room for its neighbours.
        kind = "tick middle minor" if order % 2 else "tick middle"
        parts.append(words_at(x, _BARS_END + 18, timeline.unit.short(day), kind))
        if day.year != year and timeline.unit.short(day) != f"{day.year}":
            parts.append(words_at(x, _BARS_END + 36, day.year, "tick middle year"))
            year = day.year
    return parts


def _hover(period: Period, x: float, step: float) -> Markup:
    counts = " · ".join(
        f"{words} {period.feelings[name]:,}"
        for name, words in FEELINGS.items()
        if period.feelings[name]
    )
    within = f" ({figures.signed_range(period.interval)})" if period.interval else ""
    changed = "".join(f" · {CHANGES[each].sign} {CHANGES[each].words}" for each in period.changes)
    mean = f"{figures.signed(period.polarity)}{within}{changed}"
    told = f"{period.start} · n={period.cards:,} · {mean} · {counts}"
    return Markup(
        '<rect x="{:.2f}%" y="0" width="{:.2f}%" height="{}" class="hover"><title>{}</title></rect>'
    ).format(x, step, _BARS_END, told)
