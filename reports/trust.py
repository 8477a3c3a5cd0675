"""Signs of doubt, and the numbers with the doubted reviews and without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.signals import SignalKind
from reports import figures
from reports.text import visible
from reports.words import FEELINGS, Words, label

SIGNALS: Final = {
    str(SignalKind.COPY): Words(
        "같은 상품의 다른 리뷰와 거의 같은 글", "Nearly the text of another review of this product"
    ),
    str(SignalKind.COPY_ELSEWHERE): Words(
        "다른 상품의 리뷰와 거의 같은 글", "Nearly the text of a review of another product"
    ),
    str(SignalKind.TEMPLATE): Words(
        "같은 문장에 낱말만 바꿔 쓴 글", "The same sentence, filled with other words"
    ),
    str(SignalKind.BURST): Words(
        "며칠 사이에 몰린, 감정이 비슷한 리뷰", "Many at once, and alike in feeling"
    ),
}
#: What the reviews of a group have in common.
SHARED: Final = {
    str(SignalKind.COPY): Words("리뷰", "review"),
    str(SignalKind.COPY_ELSEWHERE): Words("다른 상품의 리뷰", "review elsewhere"),
    str(SignalKind.TEMPLATE): Words("첫 리뷰", "first review"),
    str(SignalKind.BURST): Words("시작일", "from"),
}
_GROUPS: Final = 6


def view(numbers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is shown of doubts; None of results in which none were looked for."""
    trust = numbers.get("trust")
    if trust is None:
        return None
    groups = sorted(trust["groups"], key=lambda row: (-row["cards"], row["kind"], row["group"]))
    return {
        "doubted": trust["doubted"],
        "share": figures.percent(figures.of(trust["doubted"], trust["all"]["cards"])),
        "signals": [
            (label(SIGNALS, kind), figures.count(count))
            for kind, count in trust["signals"].items()
            if count
        ],
        "groups": [
            {
                "kind": label(SIGNALS, row["kind"]),
                "shared": label(SHARED, row["kind"]),
                "group": visible(row["group"], 60),
                "cards": figures.count(row["cards"]),
            }
            for row in groups[:_GROUPS]
        ],
        "rows": sides(trust),
    }


def sides(trust: Mapping[str, Any]) -> list[tuple[Words, list[tuple[str, str]]]]:
    """Return a row a number: its name, and its value and range of all and without the doubted."""
    both = (trust["all"], trust["without"])
    cards = [(figures.count(side["cards"]), "") for side in both]
    ratings = [
        (figures.score(side["rating"]), figures.score_range(side["rating_interval"]))
        for side in both
    ]
    polarities = [
        (figures.signed(side["polarity"]), figures.signed_range(side["polarity_interval"]))
        for side in both
    ]
    return [
        (Words("감정 카드", "Emotion cards"), cards),
        (Words("평균 별점", "Mean rating"), ratings),
        (Words("평균 극성", "Mean polarity"), polarities),
        *((FEELINGS[name], _shares(both, name)) for name in ("positive", "negative")),
    ]


def _shares(both: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, str]]:
    rows = [side["feeling_shares"][name] for side in both]
    return [(figures.percent(row["share"]), figures.percent_range(row["interval"])) for row in rows]
