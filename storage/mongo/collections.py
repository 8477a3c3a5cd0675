"""The collections: their validators and indexes, made by one idempotent command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import CollectionInvalid, OperationFailure

from domain.aspects import ASPECTS
from domain.cards import FailureReason, Flag
from domain.emotions import EMOTIONS
from domain.rating_scale import Origin
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated

RAW_REVIEWS = "raw_reviews"
ANALYSIS_QUEUE = "analysis_queue"
SESSIONS = "realtime_analysis_sessions"
EMOTION_CARDS = "emotion_cards"
QUARANTINE = "quarantine"
CRAWLED_PAGES = "crawled_pages"
#: Seconds a page is kept for conditional requests.
PAGES_TTL = 7 * 24 * 3600
#: The server's error code.
_INDEX_NOT_FOUND = 27

_TEXT = {"bsonType": "string"}
_COUNT = {"bsonType": ["int", "long"], "minimum": 0}
_NUMBER = {"bsonType": ["double", "int", "long"]}
_SHARE = {"bsonType": ["double", "int", "long"], "minimum": 0, "maximum": 1}
_POLARITY = {"bsonType": ["double", "int", "long"], "minimum": -1, "maximum": 1}
_MOMENT = {"bsonType": "date"}
_MOMENT_OR_NONE = {"bsonType": ["date", "null"]}
_STARS = {"bsonType": ["double", "int", "long", "null"], "minimum": 1, "maximum": 5}
_EVIDENCE = {
    "bsonType": "object",
    "required": ["text", "start", "end"],
    "properties": {"text": _TEXT, "start": _COUNT, "end": _COUNT},
    "additionalProperties": False,
}
_SCALE_OR_NONE = {
    "bsonType": ["object", "null"],
    "required": ["worst", "best", "origin"],
    "properties": {
        "worst": _NUMBER,
        "best": _NUMBER,
        "origin": {"enum": [str(origin) for origin in Origin]},
    },
}


def _object(required: list[str], properties: Document) -> Document:
    return {"bsonType": "object", "required": required, "properties": properties}


_RAW_REVIEW = _object(
    ["_id", "product_id", "review_id", "text", "content_hash", "scope", "first_seen_at"],
    {
        "_id": _TEXT,
        "product_id": _TEXT,
        "review_id": _TEXT,
        "text": _TEXT,
        "rating": _STARS,
        "created_at": _MOMENT_OR_NONE,
        "content_hash": _TEXT,
        "scope": _object(["task_id", "pos"], {"task_id": _TEXT, "pos": _COUNT}),
        "versions": {"bsonType": "array", "maxItems": 20},
        "first_seen_at": _MOMENT,
    },
)

_JOB = _object(
    ["_id", "task_id", "product_id", "kind", "seq", "state", "fence", "attempts", "not_before"],
    {
        "_id": _TEXT,
        "task_id": _TEXT,
        "product_id": _TEXT,
        "kind": {"enum": ["crawl", "cards"]},
        "seq": _COUNT,
        "state": {"enum": ["ready", "leased", "done", "failed", "dead", "split", "cancelled"]},
        "fence": _COUNT,
        "attempts": _COUNT,
        "not_before": _MOMENT,
        "owner": {"bsonType": ["string", "null"]},
        "lease_until": _MOMENT_OR_NONE,
        # Not required: crawls from before the scale was kept go on.
        "coverage": {"bsonType": "object", "properties": {"rating_scale": _SCALE_OR_NONE}},
    },
)

_SESSION = _object(
    ["_id", "product_id", "state", "queued", "started_at"],
    {
        "_id": _TEXT,
        "product_id": _TEXT,
        "state": {"enum": ["open", "closed", "cancelled"]},
        "queued": _COUNT,
        "started_at": _MOMENT,
    },
)

_CARD = _object(
    ["_id", "task_id", "product_id", "review_id", "kind", "analyzer_version", "created_at"],
    {
        "_id": _TEXT,
        "task_id": _TEXT,
        "product_id": _TEXT,
        "review_id": _TEXT,
        "analyzer_version": _TEXT,
        "content_hash": _TEXT,
        "created_at": _MOMENT,
    },
)
_CARD["oneOf"] = [
    _object(
        ["primary_emotion", "emotions", "intensity", "polarity", "aspects", "headline", "flags"],
        {
            "kind": {"enum": ["card"]},
            "primary_emotion": {"enum": [str(emotion) for emotion in EMOTIONS]},
            "emotions": {
                "bsonType": "array",
                "minItems": len(EMOTIONS),
                "maxItems": len(EMOTIONS),
                "items": _object(["label", "score"], {"score": _SHARE}),
            },
            "intensity": _SHARE,
            "polarity": _POLARITY,
            "rating": _STARS,
            "headline": _EVIDENCE,
            "aspects": {
                "bsonType": "array",
                "maxItems": 200,
                "items": _object(
                    ["aspect", "polarity", "intensity", "evidence"],
                    {
                        "aspect": {"enum": [str(aspect) for aspect in ASPECTS]},
                        "polarity": _POLARITY,
                        "intensity": _SHARE,
                        "evidence": _EVIDENCE,
                    },
                ),
            },
            "flags": {"bsonType": "array", "items": {"enum": [str(flag) for flag in Flag]}},
        },
    ),
    _object(
        ["failure"],
        {
            "kind": {"enum": ["failure"]},
            "failure": _object(
                ["reason", "message"],
                {"reason": {"enum": [str(reason) for reason in FailureReason]}},
            ),
        },
    ),
]

_QUARANTINE = _object(
    ["_id", "task_id", "product_id", "reason", "message", "where", "record", "quarantined_at"],
    {"_id": _TEXT, "task_id": _TEXT, "reason": _TEXT, "where": _TEXT, "quarantined_at": _MOMENT},
)

_CRAWLED_PAGE = _object(
    ["_id", "url", "body", "answer", "kept_at"],
    {"_id": _TEXT, "url": _TEXT, "body": {"bsonType": "binData"}, "kept_at": _MOMENT},
)


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """One collection as it should be."""

    name: str
    schema: Document
    indexes: tuple[IndexModel, ...] = ()
    #: Names of indexes that others have replaced; dropped once those stand.
    retired: tuple[str, ...] = ()


def _index(*keys: tuple[str, int], name: str, **options: Any) -> IndexModel:
    return IndexModel(list(keys), name=name, **options)


PLANS = (
    CollectionPlan(
        RAW_REVIEWS,
        _RAW_REVIEW,
        (
            _index(
                ("scope.task_id", ASCENDING),
                ("scope.pos", ASCENDING),
                name="positions",
                unique=True,
            ),
        ),
        # The same fields, not unique: of releases before.
        retired=("scope",),
    ),
    CollectionPlan(
        ANALYSIS_QUEUE,
        _JOB,
        (
            # Equality on the first three, then the order of work.
            _index(
                ("task_id", ASCENDING),
                ("kind", ASCENDING),
                ("state", ASCENDING),
                ("seq", ASCENDING),
                name="claim",
            ),
            # Counting reads this index alone: the documents carry tallies, which are large.
            _index(
                ("task_id", ASCENDING),
                ("kind", ASCENDING),
                ("state", ASCENDING),
                ("reviews", ASCENDING),
                ("cards", ASCENDING),
                ("failures", ASCENDING),
                name="counts",
            ),
            _index(("state", ASCENDING), ("lease_until", ASCENDING), name="expired"),
        ),
    ),
    CollectionPlan(
        SESSIONS,
        _SESSION,
        (_index(("product_id", ASCENDING), ("started_at", DESCENDING), name="product"),),
    ),
    # A card's _id starts with its task_id: the range scan by task needs no other index, and
    # every further index would cost each insert.
    CollectionPlan(EMOTION_CARDS, _CARD),
    CollectionPlan(
        QUARANTINE,
        _QUARANTINE,
        (_index(("task_id", ASCENDING), ("reason", ASCENDING), name="task"),),
    ),
    CollectionPlan(
        CRAWLED_PAGES,
        _CRAWLED_PAGE,
        (_index(("kept_at", ASCENDING), name="expiry", expireAfterSeconds=PAGES_TTL),),
    ),
)


def setup(settings: MongoSettings) -> None:
    """Create what is missing and bring validators and indexes up to date."""
    database = database_for(settings)
    with translated():
        present = set(database.list_collection_names())
        for plan in PLANS:
            validator = {"$jsonSchema": plan.schema}
            if plan.name not in present:
                try:
                    database.create_collection(plan.name)
                except CollectionInvalid:
                    # Made by a process beside us between the listing and now.
                    present.add(plan.name)
            database.command(
                "collMod",
                plan.name,
                validator=validator,
                validationLevel="strict",
                validationAction="error",
            )
            if plan.indexes:
                database[plan.name].create_indexes(list(plan.indexes))
            for name in plan.retired:
                _drop_index(database[plan.name], name)


def _drop_index(collection: Collection[Document], name: str) -> None:
    """Drop an index; it may be gone already, or be dropped by a process beside us."""
    if name not in collection.index_information():
        return
    try:
        collection.drop_index(name)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:
            raise
