"""Keyword analyses: one document a task, replaced whole, made after its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import DESCENDING

from domain.keywords.background import KeptCounts
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import KEYWORD_ANALYSIS

#: Documents looked through for those of different products.
_LOOKED_THROUGH = 1000
_NEWEST_FIRST = [("result_at", DESCENDING), ("_id", DESCENDING)]
#: Documents that the server sends at once: each may be of thousands of stems.
_AT_ONCE = 10
#: What readers of a result are shown.
_SHOWN = (
    "reviews",
    "of",
    "background",
    "distinctive",
    "liked",
    "disliked",
    "keywords_version",
)


@dataclass(frozen=True, slots=True)
class OtherProduct:
    """What the background takes of another product's analysis."""

    task_id: str
    #: By language.
    counts: Mapping[str, KeptCounts]


def save_keyword_analysis(
    settings: MongoSettings,
    *,
    task_id: str,
    product_id: str,
    result_at: datetime,
    content: Mapping[str, Any],
    counts: Mapping[str, KeptCounts],
) -> None:
    """Write the keyword analysis of a task; one that is there already is replaced.

    Raises:
        StoreRejected: it is not of the form that the collection takes.
    """
    row: Document = {
        "_id": task_id,
        "product_id": product_id,
        "result_at": result_at,
        **content,
        "counts": [
            {
                "language": language,
                "cards": each.cards,
                "sayings": each.sayings,
                # Pairs, for a stem may hold a dot.
                "stems": [[stem, cards] for stem, cards in each.stems.items()],
            }
            for language, each in sorted(counts.items())
        ],
    }
    with translated():
        database_for(settings)[KEYWORD_ANALYSIS].replace_one({"_id": task_id}, row, upsert=True)


def keyword_analysis(
    settings: MongoSettings, task_id: str, analyzer_version: str
) -> dict[str, Any] | None:
    """Return what is shown of a task's keywords; None where they were not looked for yet.

    Keywords of cards that another analyzer made say nothing of these.
    """
    where = {"_id": task_id, "analyzer_version": analyzer_version}
    wanted = dict.fromkeys(_SHOWN, 1) | {"_id": 0}
    with translated():
        return database_for(settings)[KEYWORD_ANALYSIS].find_one(where, wanted)


def held_against(settings: MongoSettings, task_id: str, keywords_version: str) -> list[str] | None:
    """Return the analyses that a task's keywords were held against when they were found first.

    None where they were not found yet, or by other rules.
    """
    where = {"_id": task_id, "keywords_version": keywords_version}
    with translated():
        row = database_for(settings)[KEYWORD_ANALYSIS].find_one(where, {"held_against": 1})
    return None if row is None else row.get("held_against")


def latest_of_others(
    settings: MongoSettings,
    *,
    product_id: str,
    keywords_version: str,
    languages: Iterable[str],
    before: datetime,
    least_reviews: int,
    most: int,
) -> list[str]:
    """Return the latest analyses of other products whose results are older than `before`.

    Newest first, one a product, and only such as have counts in one of the languages.
    """
    where = {
        "keywords_version": keywords_version,
        "result_at": {"$lt": before},
        "product_id": {"$ne": product_id},
        "reviews": {"$gte": least_reviews},
        "counts.language": {"$in": list(languages)},
    }
    with translated():
        newest = database_for(settings)[KEYWORD_ANALYSIS].find(where, {"product_id": 1})
        found: dict[str, str] = {}
        for row in newest.sort(_NEWEST_FIRST).limit(_LOOKED_THROUGH):
            found.setdefault(row["product_id"], row["_id"])
    return list(found.values())[:most]


def other_products(
    settings: MongoSettings, task_ids: Sequence[str], keywords_version: str
) -> Iterator[OtherProduct]:
    """Yield what is kept of these analyses, newest first, if it was counted by the same rules.

    All come by one query, one at a time.
    """
    where = {"_id": {"$in": list(task_ids)}, "keywords_version": keywords_version}
    with translated():
        rows = database_for(settings)[KEYWORD_ANALYSIS].find(where, {"counts": 1})
        # Sums of parts of one depend on their order, in the last place.
        for row in rows.sort(_NEWEST_FIRST).batch_size(_AT_ONCE):
            yield _other(row)


def _other(row: Document) -> OtherProduct:
    counts = {
        each["language"]: KeptCounts(each["cards"], each["sayings"], dict(each["stems"]))
        for each in row["counts"]
    }
    return OtherProduct(row["_id"], counts)
