"""The first things a reader wants: how people feel, and what lifts or drags it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from domain.tally import POLARITY_BAND
from reports import figures
from reports.links import is_public
from reports.text import visible
from reports.words import ASPECTS, EMOTIONS, Words, as_is, label

#: Mean polarity above which feeling is called "very" positive (below its mirror: negative).
STRONG: Final = 0.5
#: Both sides at least this share, and no lean: opinions are divided, not lukewarm.
DIVIDED: Final = 0.25

_MOODS: Final = (
    (STRONG, Words("아주 긍정적입니다", "Very positive")),
    (POLARITY_BAND, Words("대체로 긍정적입니다", "Mostly positive")),
)


class Tile(NamedTuple):
    """One number with its name and a remark, which may have a number of its own."""

    name: Words
    value: object
    remark: object
    number: str = ""
    #: Below, names and numbers: between what the value lies, what it is without doubted reviews.
    notes: tuple[tuple[object, str], ...] = ()


class Takeaway(NamedTuple):
    """One thing to know, with the words of a customer to prove it."""

    name: Words
    value: Words
    number: str
    tone: str
    quote: str | None
    within: str = ""


def mood(numbers: Mapping[str, Any]) -> Words:
    """Return the overall feeling in words."""
    polarity, feelings = numbers["polarity"], numbers["feelings"]
    if polarity is None:
        return Words("읽을 수 있는 리뷰가 없습니다", "No review could be read")
    for above, words in _MOODS:
        if polarity > above:
            return words
    if polarity < -POLARITY_BAND:
        mostly = Words("대체로 부정적입니다", "Mostly negative")
        return Words("아주 부정적입니다", "Very negative") if polarity < -STRONG else mostly
    lesser = min(feelings["positive"], feelings["negative"])
    if figures.of(lesser, numbers["cards"]) >= DIVIDED:
        return Words("의견이 갈립니다", "Opinions are divided")
    return Words("어느 쪽으로도 기울지 않습니다", "No clear lean either way")


def tiles(numbers: Mapping[str, Any]) -> list[Tile]:
    """Return the key numbers of the headline."""
    cards, ratings = numbers["cards"], numbers["ratings"]
    failed = sum(numbers["failures"].values())
    lead = numbers["emotions"][0] if cards else None
    return [
        Tile(
            Words("감정 카드", "Emotion cards"),
            figures.count(cards),
            Words("분석 실패", "Not analysed"),
            figures.count(failed),
        ),
        Tile(
            Words("평균 별점", "Mean rating"),
            figures.score(ratings["mean"]) + (" ★" if ratings["rated"] else ""),
            Words("별점 수", "Ratings") if ratings["rated"] else _unrated(cards),
            figures.count(ratings["rated"]) if ratings["rated"] else "",
            _rating_notes(numbers),
        ),
        Tile(
            Words("주된 감정", "Leading emotion"),
            label(EMOTIONS, lead["emotion"]) if lead else figures.NONE,
            Words("카드 중 비율", "Share of cards") if lead else "",
            figures.percent(lead["share"]) if lead else "",
            _within(figures.percent_range(lead.get("interval"))) if lead else (),
        ),
        Tile(
            Words("감정의 세기", "Intensity"),
            figures.score(numbers["intensity"]),
            Words("0 약함, 1 강함", "0 weak, 1 strong"),
        ),
    ]


def _within(told: str) -> tuple[tuple[object, str], ...]:
    return (("95%", told),) if told else ()


def _rating_notes(numbers: Mapping[str, Any]) -> tuple[tuple[object, str], ...]:
    notes = _within(figures.score_range(numbers["ratings"].get("interval")))
    # Results of schema 1 looked for no doubts.
    trust = numbers.get("trust")
    if trust and trust["all"]["rated"] != trust["without"]["rated"]:
        without = figures.score(trust["without"]["rating"])
        notes += ((Words("의심 리뷰 제외", "without doubted"), f"{without} ★"),)
    return notes


def _unrated(cards: int) -> Words | str:
    return Words("이 출처에는 별점이 없습니다", "no ratings in this source") if cards else ""


def takeaways(numbers: Mapping[str, Any]) -> list[Takeaway]:
    """Return what lifts and what drags the average card most, as far as enough people say so."""
    pleases, hurts = ranked(numbers)
    found = []
    if pleases:
        found.append(_takeaway(Words("가장 높이는 것", "Lifts most"), pleases[0], "positive"))
    if hurts:
        found.append(_takeaway(Words("가장 끌어내리는 것", "Drags most"), hurts[0], "negative"))
    return found


def ranked(numbers: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the aspects that please, and those that hurt, for certain; the strongest first.

    In results of schema 1 nothing is certain: there a handful of mentions is enough.
    """
    if "pleases" in numbers:
        rows = {row["aspect"]: row for row in numbers["aspects"]}
        names = (numbers["pleases"], numbers["hurts"])
        pleases, hurts = ([rows[name] for name in each] for each in names)
        return pleases, hurts
    enough = [row for row in numbers["aspects"] if row["mentions"] >= figures.FEW]
    rising = sorted(enough, key=lambda row: row["impact"])
    return (
        [row for row in reversed(rising) if row["impact"] > 0],
        [row for row in rising if row["impact"] < 0],
    )


def _takeaway(name: Words, row: Mapping[str, Any], tone: str) -> Takeaway:
    quotes = row["quotes"][tone]
    return Takeaway(
        name,
        label(ASPECTS, row["aspect"]),
        figures.per_thousand(row["impact"]),
        tone,
        visible(quotes[0]["text"], 160) if quotes else None,
        figures.per_thousand_range(row.get("impact_interval")),
    )


class PriceLine(NamedTuple):
    """The latest price, the range it moved in, and how often it was seen."""

    latest: str
    seen_at: str
    lowest: str
    highest: str
    times: str


def price_line(prices: Sequence[Mapping[str, Any]]) -> PriceLine | None:
    """Return the price in the currency seen last, None without prices."""
    if not prices:
        return None
    seen = sorted(prices, key=lambda row: str(row["observed_at"]))
    currency = seen[-1]["currency"]
    amounts = [Decimal(str(row["amount"])) for row in seen if row["currency"] == currency]
    shown = visible(currency, 8)
    return PriceLine(
        figures.money(amounts[-1], shown),
        visible(seen[-1]["observed_at"], 40)[:10],
        figures.money(min(amounts), shown),
        figures.money(max(amounts), shown),
        figures.count(len(amounts)),
    )


def product_lines(product: Mapping[str, Any]) -> dict[str, Any]:
    """Return the product's name, what it belongs to, and its address if it is a web one.

    `linked` tells whether a reader elsewhere can open the address.
    """
    url = visible(product.get("url") or "", 2000)
    # A file's brand and category may be the same words; they are said once.
    above = dict.fromkeys(
        as_is(product[key], 80) for key in ("brand", "category") if product.get(key)
    )
    return {
        "name": visible(product.get("name") or figures.NONE, 200),
        "above": list(above),
        "url": url if url.lower().startswith(("http://", "https://")) else None,
        "linked": is_public(url),
    }
