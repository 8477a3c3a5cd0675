"""The small pictures: SVG that stretches with the page, never in colour alone.

Lengths along the page are percentages and there is no viewBox, so text keeps its size and
patterns keep their shape on a phone as on a desk. Colours are the page's CSS classes
(`f-positive` …); every picture has a title and a description for readers who cannot see it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from domain.tally import POLARITY_BAND
from reports import figures
from reports.words import FEELINGS, Words

BAR_HEIGHT: Final = 18
#: How far a diverging bar may reach to each side, %; the rest is for its number.
_REACH: Final = 38.0

_SPLIT_HEIGHT: Final = 34
#: A part narrower than this, in %, has no room for its own share.
_WRITTEN_FROM: Final = 7.0

PATTERNS: Final = Markup(
    '<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="p-negative" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" class="c-negative"/>'
    '<rect width="1.6" height="6" class="c-ink"/></pattern>'
    '<pattern id="p-mixed" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" class="c-mixed"/><circle cx="3" cy="3" r="1.2" class="c-ink"/>'
    '</pattern><pattern id="p-missing" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(-45)"><rect width="8" height="8" class="c-missing"/>'
    '<rect width="2" height="8" class="c-line"/></pattern></defs></svg>'
)


class Part(NamedTuple):
    """One part of a split bar."""

    words: Words
    tone: str
    number: int
    #: Between what its share lies, ready to show.
    within: str = ""


class Axis(NamedTuple):
    """From 0 to `top` (a share of one) in equal steps."""

    top: float
    steps: int

    @property
    def ticks(self) -> list[float]:
        """Where its lines stand, as shares of its length."""
        return [step / self.steps for step in range(self.steps + 1)]


#: Ends and steps that make round numbers.
AXES: Final = (Axis(0.1, 4), Axis(0.2, 4), Axis(0.4, 4), Axis(0.6, 3), Axis(0.8, 4), Axis(1.0, 4))


def picture(
    title: object, desc: object, body: Markup, *, height: int, kind: str = "", width: str = "100%"
) -> Markup:
    """Return an SVG of the height (px) that says what it shows."""
    return Markup(
        '<svg class="chart {}" role="img" width="{}" height="{}"><title>{}</title>'
        "<desc>{}</desc>{}</svg>"
    ).format(kind, width, height, str(title), str(desc), body)


def joined(parts: Sequence[Markup]) -> Markup:
    """Return the parts as one piece."""
    return Markup("").join(parts)


def _pct(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def rect(x: float, width: float, tone: str, *, y: float = 0, height: float = BAR_HEIGHT) -> Markup:
    """Return a bar; x and width in % of the picture, y and height in px."""
    return Markup('<rect x="{}" y="{:g}" width="{}" height="{:g}" class="f-{}"/>').format(
        _pct(x), y, _pct(width), height, tone
    )


def words_at(x: str, y: float, content: object, kind: str, *, shift: int = 0) -> Markup:
    """Return text at x (% or px) and baseline y (px), moved aside by `shift` px."""
    return Markup('<text x="{}" y="{:g}" dx="{}" class="{}">{}</text>').format(
        x, y, shift, kind, content
    )


def whisker(low: float, high: float, *, y: float = BAR_HEIGHT / 2) -> Markup:
    """Return a line from low to high (% of the picture) with ends: between what a value lies."""
    ends = [(low, low, y - 4, y + 4), (high, high, y - 4, y + 4), (low, high, y, y)]
    # Twice: a broad one in the page's colour, so that it is seen on every bar.
    return joined(
        [
            Markup('<line x1="{}" x2="{}" y1="{:g}" y2="{:g}" class="whisker{}"/>').format(
                _pct(left), _pct(right), top, bottom, kind
            )
            for kind in (" halo", "")
            for left, right, top, bottom in ends
        ]
    )


def swatch(tone: str) -> Markup:
    """Return the key of a legend: a square in the tone's colour and pattern."""
    return Markup(
        '<svg class="swatch" width="14" height="14" aria-hidden="true">'
        '<rect width="14" height="14" rx="3" class="f-{}"/></svg>'
    ).format(tone)


def gauge(polarity: float | None, interval: Sequence[float] | None = None) -> Markup:
    """Return a half dial for −1..1 with a needle; no needle where there is no value.

    A thin arc outside it covers the interval.
    """
    band = [(-1.0, -POLARITY_BAND, "negative"), (-POLARITY_BAND, POLARITY_BAND, "neutral")]
    band.append((POLARITY_BAND, 1.0, "positive"))
    parts = [_arc(start, end, tone) for start, end, tone in band]
    for value, text, side in ((-1.0, "−1", "end"), (0.0, "0", "middle"), (1.0, "+1", "start")):
        x, y = _on_dial(value, 104)
        parts.append(
            Markup('<text x="{:.1f}" y="{:.1f}" class="tick {}">{}</text>').format(x, y, side, text)
        )
    if interval is not None:
        low, high = max(interval[0], -1.0), min(interval[1], 1.0)
        (ax, ay), (bx, by) = _on_dial(low, 97), _on_dial(high, 97)
        parts.append(
            Markup('<path d="M{:.1f} {:.1f}A97 97 0 0 1 {:.1f} {:.1f}" class="within"/>').format(
                ax, ay, bx, by
            )
        )
    if polarity is not None:
        x, y = _on_dial(max(-1.0, min(1.0, polarity)), 80)
        parts.append(
            Markup(
                '<line x1="120" y1="118" x2="{:.1f}" y2="{:.1f}" class="needle"/>'
                '<circle cx="120" cy="118" r="7" class="hub"/>'
            ).format(x, y)
        )
    told = figures.signed(polarity)
    parts.append(Markup('<text x="120" y="156" class="value">{}</text>').format(told))
    title = f"{Words('평균 극성', 'Mean polarity')} {told}"
    desc = Words("-1은 매우 부정, +1은 매우 긍정", "-1 is very negative, +1 very positive")
    return Markup(
        '<svg class="chart gauge" role="img" viewBox="0 0 240 166"><title>{}</title>'
        "<desc>{}</desc>{}</svg>"
    ).format(str(title), str(desc), joined(parts))


def _on_dial(value: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - value) / 2
    return 120 + radius * math.cos(angle), 118 - radius * math.sin(angle)


def _arc(start: float, end: float, tone: str) -> Markup:
    (ax, ay), (bx, by) = _on_dial(start + 0.008, 94), _on_dial(end - 0.008, 94)
    (cx, cy), (dx, dy) = _on_dial(end - 0.008, 72), _on_dial(start + 0.008, 72)
    return Markup(
        '<path d="M{:.1f} {:.1f}A94 94 0 0 1 {:.1f} {:.1f}'
        'L{:.1f} {:.1f}A72 72 0 0 0 {:.1f} {:.1f}Z" class="f-{}"/>'
    ).format(ax, ay, bx, by, cx, cy, dx, dy, tone)


def split_bar(parts: Sequence[Part], title: Words) -> Markup:
    """Return one bar cut into parts, whole = all of them; a share is written where it fits."""
    total = sum(part.number for part in parts)
    drawn, texts, at = [], [], 0.0
    for part in parts:
        width = 100 * figures.of(part.number, total)
        if width:
            drawn.append(rect(at, width, part.tone, height=_SPLIT_HEIGHT))
        if width > _WRITTEN_FROM:
            texts.append(words_at(_pct(at + width / 2), 22, f"{width:.0f}%", "on"))
        at += width
    desc = ", ".join(f"{part.words} {figures.count(part.number)}" for part in parts)
    return picture(title, desc, joined(drawn + texts), height=_SPLIT_HEIGHT, kind="split")


def share_bar(
    value: float,
    most: float,
    tone: str,
    title: str,
    *,
    mark: float | None = None,
    interval: Sequence[float] | None = None,
    grid: Sequence[float] = (),
) -> Markup:
    """Return a bar of value / most from the left, with a diamond at mark / most.

    A whisker covers the interval, as far as the picture reaches. `grid` draws a line across at
    each of these shares of the picture.
    """
    parts = [Markup('<rect width="100%" height="{}" class="track"/>').format(BAR_HEIGHT)]
    parts += [
        Markup('<line x1="{0}" x2="{0}" y1="-4" y2="{1}" class="grid"/>').format(
            _pct(100 * share), BAR_HEIGHT + 4
        )
        for share in grid
    ]
    parts.append(rect(0, 100 * value / most, tone))
    if interval is not None:
        low, high = (100 * min(max(end / most, 0), 1) for end in interval)
        parts.append(whisker(low, high))
    if mark is not None:
        place = 100 * min(mark / most, 1)
        # A nested svg is how a shape in px is put at a place in %.
        parts.append(
            Markup(
                '<svg x="{}" overflow="visible"><path d="M0 2l7 7-7 7-7-7Z" class="diamond"/></svg>'
            ).format(_pct(place))
        )
    return picture(title, "", joined(parts), height=BAR_HEIGHT, kind="level")


def scale(axis: Axis) -> Markup:
    """Return what stands above the bars of an axis: its ticks, named."""
    sides = ("start", *["middle"] * (axis.steps - 1), "end")
    texts = [
        words_at(_pct(100 * share), 12, f"{100 * axis.top * share:g}%", f"tick {side}")
        for share, side in zip(axis.ticks, sides, strict=True)
    ]
    return Markup('<svg class="chart" width="100%" height="16" aria-hidden="true">{}</svg>').format(
        joined(texts)
    )


def diverging_bar(negative: int, positive: int, most: int, title: str) -> Markup:
    """Return negative to the left and positive to the right of the middle, with the counts."""
    left, right = (_REACH * figures.of(number, most) for number in (negative, positive))
    parts = [
        rect(50 - left, left, "negative"),
        rect(50, right, "positive"),
        Markup('<line x1="50%" x2="50%" y1="0" y2="{}" class="axis"/>').format(BAR_HEIGHT),
        words_at(_pct(50 - left), 14, figures.count(negative), "end", shift=-6),
        words_at(_pct(50 + right), 14, figures.count(positive), "start", shift=6),
    ]
    return picture(title, "", joined(parts), height=BAR_HEIGHT, kind="level")


def heat_map(stars: Mapping[str, Mapping[str, int]], title: Words) -> Markup:
    """Return stars 1..5 across and feelings down; shade is the share within one star."""
    left, step, top, row = 20.0, 16.0, 30, 46
    parts, told = [], []
    for column in range(1, 6):
        cells = stars.get(str(column), {})
        total = sum(cells.values())
        x = left + step * (column - 1)
        parts.append(words_at(_pct(x + step / 2), 18, "★" * column, "stars middle"))
        for line, feeling in enumerate(FEELINGS):
            number, share = cells.get(feeling, 0), figures.of(cells.get(feeling, 0), total)
            parts.append(_cell(x, top + line * row, step, row, number, share))
        told.append(
            f"{column}★: " + ", ".join(f"{FEELINGS[f]} {cells.get(f, 0):,}" for f in FEELINGS)
        )
    for line, words in enumerate(FEELINGS.values()):
        y = top + line * row + row / 2
        parts += [words_at("0", y, words.ko, "ko strong"), words_at("0", y + 15, words.en, "en")]
    height = top + row * len(FEELINGS)
    return picture(title, "; ".join(told), joined(parts), height=height, kind="heat")


def _cell(x: float, y: float, width: float, height: int, number: int, share: float) -> Markup:
    # Five steps of shade, so that the text on it can have enough contrast in each.
    shade = 0 if not number else 1 + min(3, int(share * 4))
    middle = _pct(x + width / 2)
    box = Markup('<rect x="{}" y="{:g}" width="{}" height="{}" rx="4" class="h{}"/>').format(
        _pct(x + 0.3), y + 2, _pct(width - 0.6), height - 4, shade
    )
    texts = words_at(middle, y + 22, figures.count(number), f"middle t{shade} strong")
    if number:
        texts += words_at(middle, y + 37, f"{share * 100:.0f}%", f"middle t{shade} small")
    return box + texts
