"""What each collection's documents look like: the databases' own validators (`$jsonSchema`)."""

from __future__ import annotations

from domain.aspects import ASPECTS
from domain.cards import FailureReason, Flag
from domain.emotions import EMOTIONS
from domain.masking import PersonalData
from domain.rating_scale import Origin
from domain.signals import SignalKind
from storage.mongo.client import Document

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


_SIGNAL = _object(
    ["kind", "group"],
    {"kind": {"enum": [str(kind) for kind in SignalKind]}, "group": _TEXT},
)

RAW_REVIEW = _object(
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
        # Not required: most have nothing to mask.
        "masked": {"bsonType": "array", "items": {"enum": [str(kind) for kind in PersonalData]}},
        # Not required: when what a release without masking had stored was masked.
        "masked_at": _MOMENT,
        "first_seen_at": _MOMENT,
    },
)

JOB = _object(
    ["_id", "task_id", "product_id", "kind", "seq", "state", "fence", "attempts", "not_before"],
    {
        "_id": _TEXT,
        "task_id": _TEXT,
        "product_id": _TEXT,
        "kind": {"enum": ["crawl", "cards", "trust"]},
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

SESSION = _object(
    ["_id", "product_id", "state", "queued", "started_at"],
    {
        "_id": _TEXT,
        "product_id": _TEXT,
        "state": {"enum": ["open", "closed", "cancelled"]},
        "queued": _COUNT,
        "started_at": _MOMENT,
        # Not required: sessions from before models were adapted have the shipped one.
        "model": {"bsonType": ["string", "null"]},
    },
)

CARD = _object(
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
CARD["oneOf"] = [
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
            # Not required: cards from before signals were looked for.
            "signals": {"bsonType": "array", "items": _SIGNAL},
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

QUARANTINE = _object(
    ["_id", "task_id", "product_id", "reason", "message", "where", "record", "quarantined_at"],
    {"_id": _TEXT, "task_id": _TEXT, "reason": _TEXT, "where": _TEXT, "quarantined_at": _MOMENT},
)

CRAWLED_PAGE = _object(
    ["_id", "url", "body", "answer", "kept_at"],
    {"_id": _TEXT, "url": _TEXT, "body": {"bsonType": "binData"}, "kept_at": _MOMENT},
)

REVIEW_FINGERPRINT = _object(
    ["_id", "product_id", "keys", "content_hash", "reviewed_at", "first_seen_at"],
    {
        "_id": _TEXT,
        "product_id": _TEXT,
        "keys": {
            "bsonType": "array",
            "minItems": 1,
            "maxItems": 8,
            "items": {"bsonType": ["int", "long"]},
        },
        "content_hash": _TEXT,
        "reviewed_at": _MOMENT_OR_NONE,
        "first_seen_at": _MOMENT,
    },
)

_KEYWORDS = {
    "bsonType": "array",
    "maxItems": 100,
    "items": _object(
        ["stem", "cards", "share", "expected_share", "z", "polarity", "feeling", "quote"],
        {
            "stem": _TEXT,
            "cards": _COUNT,
            "share": _SHARE,
            "expected_share": _SHARE,
            "z": _NUMBER,
            "polarity": _POLARITY,
            "polarity_interval": {"bsonType": ["array", "null"], "minItems": 2, "maxItems": 2},
            "feeling": {"enum": ["positive", "neutral", "mixed", "negative"]},
            "quote": _object(
                ["text", "review_id", "start", "end"],
                {"text": _TEXT, "review_id": _TEXT, "start": _COUNT, "end": _COUNT},
            ),
        },
    ),
}

KEYWORD_ANALYSIS = _object(
    [
        "_id",
        "product_id",
        "analyzer_version",
        "keywords_version",
        "result_at",
        "reviews",
        "of",
        "background",
        "distinctive",
        "liked",
        "disliked",
        "counts",
    ],
    {
        "_id": _TEXT,
        "product_id": _TEXT,
        "analyzer_version": _TEXT,
        "keywords_version": _TEXT,
        "result_at": _MOMENT,
        "reviews": _COUNT,
        "of": _COUNT,
        "doubted": _COUNT,
        "background": _object(
            ["products", "reviews", "general"],
            {"products": _COUNT, "reviews": _COUNT, "general": {"bsonType": "bool"}},
        ),
        # Of older releases without.
        "held_against": {"bsonType": "array", "maxItems": 100, "items": _TEXT},
        "distinctive": _KEYWORDS,
        "liked": _KEYWORDS,
        "disliked": _KEYWORDS,
        "counts": {
            "bsonType": "array",
            "items": _object(
                ["language", "cards", "sayings", "stems"],
                {
                    "language": _TEXT,
                    "cards": _COUNT,
                    "sayings": _COUNT,
                    "stems": {"bsonType": "array", "maxItems": 5000},
                },
            ),
        },
    },
)

ANALYZER_MODEL = _object(
    ["_id", "state", "model", "base", "features", "figures", "trained_on", "made_at"],
    {
        "_id": {"bsonType": "string", "pattern": "^[0-9a-f]{8}$"},
        "state": {"enum": ["candidate", "promoted", "retired"]},
        "model": {"bsonType": "binData"},
        "base": _TEXT,
        "features": _TEXT,
        "figures": {"bsonType": "object"},
        "trained_on": _object(
            ["reviews", "products", "from", "to"],
            {"reviews": _COUNT, "products": _COUNT, "from": _MOMENT_OR_NONE, "to": _MOMENT_OR_NONE},
        ),
        "made_at": _MOMENT,
        "made_by": _TEXT,
        "promoted_at": _MOMENT_OR_NONE,
        "retired_at": _MOMENT_OR_NONE,
    },
)
