"""The rows of the report's sections: numbers beside the pictures that show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.emotions import Emotion
from domain.tally import feeling_of
from reports import changes, charts, figures, periods, timeline
from reports.text import visible
from reports.words import ASPECTS, EMOTIONS, FEELINGS, Words, label, tone_of

#: A sign beside the colour.
SIGNS: Final = {"positive": "▲", "neutral": "●", "mixed": "◆", "negative": "▼"}
#: Keywords shown at once; the others open on a click.
_KEYWORDS_OPEN: Final = 20
_QUOTE_CHARS: Final = 300
_QUOTES_BY_EMOTION: Final = 3


def emotions(numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row an emotion: share of cards it leads, mean score over all cards."""
    rows = numbers["emotions"] if numbers["cards"] else []
    axis = emotion_axis(numbers)
    return [
        {
            "words": label(EMOTIONS, row["emotion"]),
            "bar": charts.share_bar(
                row["share"],
                axis.top,
                tone_of(row["emotion"]),
                f"{label(EMOTIONS, row['emotion'])}: {figures.percent(row['share'])} "
                f"(n={row['primary']:,}), {figures.score(row['mean_score'])}",
                mark=row["mean_score"],
                interval=row.get("interval"),
                grid=axis.ticks,
            ),
            "share": figures.percent(row["share"]),
            "within": figures.percent_range(row.get("interval")),
            "primary": figures.count(row["primary"]),
            "mean": figures.score(row["mean_score"]),
        }
        for row in rows
    ]


def emotion_axis(numbers: Mapping[str, Any]) -> charts.Axis:
    """Return the emotions' common axis: the shortest that holds every bar and mark."""
    most = max(
        max(row["share"] or 0, row["mean_score"] or 0, *(row.get("interval") or ()))
        for row in numbers["emotions"]
    )
    return next(axis for axis in charts.AXES if most <= axis.top)


def neutral_counts(numbers: Mapping[str, Any]) -> dict[str, str]:
    """Return the cards led by the neutral emotion, and those of neutral polarity."""
    led = {row["emotion"]: row["primary"] for row in numbers["emotions"]}
    return {
        "emotion": figures.count(led.get(Emotion.NEUTRAL, 0)),
        "feeling": figures.count(numbers["feelings"]["neutral"]),
    }


def aspects(numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row an aspect, most mentioned first, with its evidence."""
    rows = numbers["aspects"]
    most = max((max(row["positive"], row["negative"]) for row in rows), default=0)
    return [
        {
            "words": label(ASPECTS, row["aspect"]),
            "bar": charts.diverging_bar(
                row["negative"],
                row["positive"],
                most,
                f"{label(ASPECTS, row['aspect'])}: {_sides(row)}",
            ),
            "mentions": figures.count(row["mentions"]),
            "neutral": figures.count(row["neutral"]),
            "polarity": figures.signed(row["polarity"]),
            "polarity_within": figures.signed_range(row.get("polarity_interval")),
            "impact": figures.per_thousand(row["impact"]),
            "impact_within": figures.per_thousand_range(row.get("impact_interval")),
            "shares": _shares(row),
            "sign": SIGNS[feeling_of(row["polarity"])],
            "tone": feeling_of(row["polarity"]),
            # Results of schema 1 do not say.
            "few": not row.get("enough", row["mentions"] >= figures.FEW),
            "quotes": [
                (tone, FEELINGS[tone], quote_rows(row["quotes"][tone]))
                for tone in ("positive", "negative")
            ],
        }
        for row in rows
    ]


def _shares(row: Mapping[str, Any]) -> list[tuple[Words, str, str]]:
    """Return what share of cards speaks of the aspect, and of those how many to which side."""
    names = {
        "share_of_cards": Words("언급한 카드", "cards that speak of it"),
        "positive_share": FEELINGS["positive"],
        "negative_share": FEELINGS["negative"],
    }
    return [
        (
            words,
            figures.percent(row[name]["share"]),
            figures.percent_range(row[name]["interval"]),
        )
        for name, words in names.items()
        if name in row
    ]


def _sides(row: Mapping[str, Any]) -> str:
    sides = ("negative", "neutral", "positive")
    return ", ".join(f"{FEELINGS[side]} {row[side]:,}" for side in sides)


def quote_rows(quotes: Sequence[Mapping[str, Any]], most: int = 5) -> list[dict[str, Any]]:
    """Return quotes ready to show, each with where its review holds it, and if that is doubted."""
    return [
        {
            "text": visible(quote["text"], _QUOTE_CHARS),
            "review": visible(quote["review_id"], 28),
            "place": f"{quote['start']:,}–{quote['end']:,}",
            "doubted": quote.get("doubted", False),
        }
        for quote in quotes[:most]
    ]


def over_time(numbers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the timeline and its numbers, None where no card has a date."""
    gathered = periods.gather(numbers["weeks"])
    if gathered is None:
        return None
    dated = sum(week["cards"] for week in numbers["weeks"])
    return {
        "plot": timeline.draw(gathered),
        "changes": changes.told(numbers["weeks"]),
        "silence": changes.silence(numbers["weeks"]),
        "banded": any(period.interval for period in gathered.periods),
        "unit": gathered.unit.words,
        "left_out": gathered.left_out,
        "undated": numbers["cards"] - dated,
        "bars": len(gathered.periods),
        "rows": [
            {
                "start": str(period.start),
                "cards": figures.count(period.cards),
                "polarity": figures.signed(period.polarity),
                "within": figures.signed_range(period.interval),
                "changes": [changes.CHANGES[each] for each in dict.fromkeys(period.changes)],
                "feelings": [figures.count(period.feelings[name]) for name in FEELINGS],
            }
            for period in gathered.periods
            if period.cards
        ],
    }


def stars(numbers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the heat map of stars and feelings, None where no card has a rating."""
    ratings = numbers["ratings"]
    if not ratings["rated"]:
        return None
    return {
        "map": charts.heat_map(ratings["stars"], Words("별점과 감정", "Rating against feeling")),
        "rated": figures.count(ratings["rated"]),
        "unrated": numbers["cards"] - ratings["rated"],
        "mismatches": numbers["flags"].get("rating_mismatch", 0),
    }


def keywords(numbers: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the keywords to show at once, and the others."""
    most = max((row["cards"] for row in numbers["keywords"]), default=1)
    rows = [_keyword(row, most) for row in numbers["keywords"]]
    return rows[:_KEYWORDS_OPEN], rows[_KEYWORDS_OPEN:]


def _keyword(row: Mapping[str, Any], most: int) -> dict[str, Any]:
    tone, word = feeling_of(row["polarity"]), visible(row["keyword"], 24)
    title = f"{word}: n={row['cards']:,}, {figures.signed(row['polarity'])}"
    return {
        "word": word,
        "bar": charts.share_bar(row["cards"], most, tone, title),
        "cards": figures.count(row["cards"]),
        "polarity": figures.signed(row["polarity"]),
        "sign": SIGNS[tone],
        "tone": tone,
        "few": row["cards"] < figures.FEW,
    }


def quotes_by_emotion(numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the strongest quotes of each emotion that any card is led by."""
    return [
        {
            "words": label(EMOTIONS, row["emotion"]),
            "tone": tone_of(row["emotion"]),
            "sign": SIGNS[tone_of(row["emotion"])],
            "cards": figures.count(row["primary"]),
            "quotes": quote_rows(row["quotes"], _QUOTES_BY_EMOTION),
        }
        for row in numbers["emotions"]
        if row["quotes"]
    ]
