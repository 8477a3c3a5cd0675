"""Emotion cards and failure records: one of the two a review and analysis.

Both stand in one collection under the `_id` "task:review", so that the database itself keeps a
review from having two outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from domain.aspects import Aspect
from domain.cards import DOUBTS, AnalysisFailure, AspectMention, Card, Evidence, Flag, Reading
from domain.emotions import EMOTIONS, Emotion
from domain.signals import Signal, SignalKind
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import EMOTION_CARDS

#: The labels as plain strings, in the order that every reading keeps: looking up an enum's
#: value ten times a card is a tenth of the card's cost.
_LABELS = tuple(emotion.value for emotion in EMOTIONS)
#: Documents fetched at once when streaming.
_BATCH = 1000


def _span(evidence: Evidence) -> Document:
    return {"text": evidence.text, "start": evidence.start, "end": evidence.end}


def signal_rows(signals: Iterable[Signal]) -> list[Document]:
    """Return signals as they are stored."""
    return [{"kind": signal.kind.value, "group": signal.group} for signal in signals]


def card_document(card: Card, now: datetime) -> Document:
    """Return the card as it is stored."""
    reading = card.reading
    return {
        "_id": card.card_id,
        "task_id": card.task_id,
        "product_id": card.product_id,
        "review_id": card.review_id,
        "kind": "card",
        "language": reading.language,
        "primary_emotion": reading.primary_emotion.value,
        "emotions": [
            {"label": label, "score": pair[1]}
            for label, pair in zip(_LABELS, reading.emotions, strict=True)
        ],
        "intensity": reading.intensity,
        "polarity": reading.polarity,
        "aspects": [
            {
                "aspect": mention.aspect.value,
                "polarity": mention.polarity,
                "intensity": mention.intensity,
                "evidence": _span(mention.evidence),
            }
            for mention in reading.aspects
        ],
        "keywords": list(reading.keywords),
        "headline": _span(reading.headline),
        "rating": card.rating,
        "reviewed_at": card.reviewed_at,
        "flags": [flag.value for flag in card.flags],
        "signals": signal_rows(card.signals),
        "content_hash": card.content_hash,
        "analyzer_version": card.analyzer_version,
        "created_at": now,
    }


def failure_document(
    *,
    task_id: str,
    product_id: str,
    review_id: str,
    content_hash: str,
    analyzer_version: str,
    failure: AnalysisFailure,
    now: datetime,
) -> Document:
    """Return the failure record as it is stored."""
    return {
        "_id": f"{task_id}:{review_id}",
        "task_id": task_id,
        "product_id": product_id,
        "review_id": review_id,
        "kind": "failure",
        "failure": {"reason": failure.reason.value, "message": failure.message},
        "content_hash": content_hash,
        "analyzer_version": analyzer_version,
        "created_at": now,
    }


def card_from(row: Document) -> Card:
    """Return the card of a stored document."""
    reading = Reading(
        language=row["language"],
        primary_emotion=Emotion(row["primary_emotion"]),
        emotions=tuple((Emotion(pair["label"]), pair["score"]) for pair in row["emotions"]),
        intensity=row["intensity"],
        polarity=row["polarity"],
        aspects=tuple(
            AspectMention(
                Aspect(item["aspect"]),
                item["polarity"],
                item["intensity"],
                Evidence(**item["evidence"]),
            )
            for item in row["aspects"]
        ),
        keywords=tuple(row["keywords"]),
        headline=Evidence(**row["headline"]),
        flags=tuple(Flag(flag) for flag in row["flags"] if flag not in DOUBTS),
    )
    return Card(
        task_id=row["task_id"],
        product_id=row["product_id"],
        review_id=row["review_id"],
        content_hash=row["content_hash"],
        rating=row["rating"],
        reviewed_at=row["reviewed_at"],
        analyzer_version=row["analyzer_version"],
        reading=reading,
        # Cards from before signals were looked for have no such field.
        signals=tuple(
            Signal(SignalKind(signal["kind"]), signal["group"]) for signal in row.get("signals", ())
        ),
    )


def outcomes(settings: MongoSettings, task_id: str) -> Iterator[dict[str, Any]]:
    """Yield the stored cards and failure records of a task, by review id; streams."""
    # "task:" up to, not with, "task;": all ids of the task, by the index on _id.
    where = {"_id": {"$gte": f"{task_id}:", "$lt": f"{task_id};"}}
    with translated():
        rows = database_for(settings)[EMOTION_CARDS].find(where, batch_size=_BATCH)
        yield from rows.sort("_id", 1)


def outcomes_of(
    settings: MongoSettings, task_id: str, review_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the stored cards and failure records of some reviews of a task, by review id."""
    ids = [f"{task_id}:{review_id}" for review_id in review_ids]
    with translated():
        rows = database_for(settings)[EMOTION_CARDS].find({"_id": {"$in": ids}}, batch_size=_BATCH)
        return list(rows.sort("_id", 1))


def outcome_ids(settings: MongoSettings, task_id: str, review_ids: Sequence[str]) -> set[str]:
    """Return which of the reviews have an outcome."""
    ids = [f"{task_id}:{review_id}" for review_id in review_ids]
    with translated():
        rows = database_for(settings)[EMOTION_CARDS].find({"_id": {"$in": ids}}, {"review_id": 1})
        return {row["review_id"] for row in rows}
