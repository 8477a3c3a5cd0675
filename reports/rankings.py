"""What hurts most and what pleases most, with the words that prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import charts, figures
from reports.headline import ranked
from reports.text import visible
from reports.words import ASPECTS, Words, label

#: Aspects of a side; the list of all is below.
_MOST: Final = 5
_QUOTE_CHARS: Final = 120
_SIDES: Final = (
    ("negative", "▼", Words("가장 아프게 하는 것", "What hurts most")),
    ("positive", "▲", Words("가장 기쁘게 하는 것", "What pleases most")),
)


def view(numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return both sides, what hurts first; bars of both stand on one axis."""
    pleases, hurts = ranked(numbers)
    most = max((_farthest(row) for row in (*pleases[:_MOST], *hurts[:_MOST])), default=1.0)
    return [
        {
            "tone": tone,
            "sign": sign,
            "words": words,
            "rows": [_row(row, tone, most) for row in rows[:_MOST]],
        }
        for (tone, sign, words), rows in zip(_SIDES, (hurts, pleases), strict=True)
    ]


def _ends(row: Mapping[str, Any]) -> Sequence[float] | None:
    interval = row.get("impact_interval")
    return sorted(abs(end) for end in interval) if interval else None


def _farthest(row: Mapping[str, Any]) -> float:
    return float(max(abs(row["impact"]), *(_ends(row) or [0.0])))


def _row(row: Mapping[str, Any], tone: str, most: float) -> dict[str, Any]:
    name, quotes = label(ASPECTS, row["aspect"]), row["quotes"][tone]
    impact = figures.per_thousand(row["impact"])
    within = figures.per_thousand_range(row.get("impact_interval"))
    share = row.get(f"{tone}_share") or {"share": figures.of(row[tone], row["mentions"])}
    return {
        "words": name,
        "bar": charts.share_bar(
            abs(row["impact"]), most, tone, f"{name}: {impact} ({within})", interval=_ends(row)
        ),
        "impact": impact,
        "within": within,
        "share": figures.percent(share["share"]),
        "share_within": figures.percent_range(share.get("interval")),
        "quote": visible(quotes[0]["text"], _QUOTE_CHARS) if quotes else None,
    }
