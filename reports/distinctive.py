"""Keywords that are said unusually often, and by whom: the happy or the unhappy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.tally import feeling_of
from reports import charts, figures
from reports.sections import SIGNS
from reports.text import visible
from reports.words import FEELINGS, Words

_MOST: Final = 10
_MOST_A_SIDE: Final = 8
_QUOTE_CHARS: Final = 120
#: What the share is held against: that of other reviews, or that of the other side.
_USUALLY: Final = Words("보통", "usually")
_OTHERS: Final = Words("반대쪽", "others")
_SIDES: Final = (
    ("disliked", "negative", Words("불만인 고객이 자주 하는 말", "Said by the unhappy")),
    ("liked", "positive", Words("만족한 고객이 자주 하는 말", "Said by the happy")),
)


def view(analysis: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is shown of a keyword analysis; None where there is none, or it found nothing."""
    if analysis is None:
        return None
    rows = analysis["distinctive"][:_MOST]
    sides = [
        (tone, SIGNS[tone], words, _rows(analysis[name][:_MOST_A_SIDE], _OTHERS))
        for name, tone, words in _SIDES
    ]
    if not rows and not any(side[-1] for side in sides):
        return None
    return {
        "rows": _rows(rows, _USUALLY),
        "sides": [side for side in sides if side[-1]],
        "reviews": figures.count(analysis["reviews"]),
        "of": figures.count(analysis["of"]),
    }


def _rows(rows: Sequence[Mapping[str, Any]], against: Words) -> list[dict[str, Any]]:
    most = max((max(row["share"] or 0, row["expected_share"] or 0) for row in rows), default=0)
    return [_row(row, most or 1.0, against) for row in rows]


def _row(row: Mapping[str, Any], most: float, against: Words) -> dict[str, Any]:
    tone = row["feeling"] if row["feeling"] in FEELINGS else feeling_of(row["polarity"] or 0.0)
    word = visible(row["stem"], 24)
    share, usual = figures.percent(row["share"]), figures.percent(row["expected_share"])
    title = f"{word}: {share} (n={row['cards']:,}), {against} {usual}"
    quote = row["quote"]
    return {
        "word": word,
        "bar": charts.share_bar(row["share"] or 0.0, most, tone, title, mark=row["expected_share"]),
        "cards": figures.count(row["cards"]),
        "share": share,
        "usual": usual,
        "against": against,
        "polarity": figures.signed(row["polarity"]),
        "within": figures.signed_range(row["polarity_interval"]),
        "sign": SIGNS[tone],
        "tone": tone,
        "quote": visible(quote["text"], _QUOTE_CHARS) if quote else None,
    }
