"""The collections: their validators and indexes, made by one idempotent command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import CollectionInvalid, OperationFailure

from settings.models import MongoSettings
from storage.mongo import schemas
from storage.mongo.client import Document, database_for, translated

RAW_REVIEWS = "raw_reviews"
ANALYSIS_QUEUE = "analysis_queue"
SESSIONS = "realtime_analysis_sessions"
EMOTION_CARDS = "emotion_cards"
QUARANTINE = "quarantine"
CRAWLED_PAGES = "crawled_pages"
ANALYZER_MODELS = "analyzer_models"
REVIEW_FINGERPRINTS = "review_fingerprints"
KEYWORD_ANALYSIS = "keyword_analysis"
#: Seconds a page is kept for conditional requests.
PAGES_TTL = 7 * 24 * 3600
#: The server's error code.
_INDEX_NOT_FOUND = 27


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
        schemas.RAW_REVIEW,
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
        schemas.JOB,
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
        schemas.SESSION,
        (_index(("product_id", ASCENDING), ("started_at", DESCENDING), name="product"),),
    ),
    # A card's _id starts with its task_id: the range scan by task needs no other index, and
    # every further index would cost each insert.
    CollectionPlan(EMOTION_CARDS, schemas.CARD),
    CollectionPlan(
        QUARANTINE,
        schemas.QUARANTINE,
        (_index(("task_id", ASCENDING), ("reason", ASCENDING), name="task"),),
    ),
    CollectionPlan(
        CRAWLED_PAGES,
        schemas.CRAWLED_PAGE,
        (_index(("kept_at", ASCENDING), name="expiry", expireAfterSeconds=PAGES_TTL),),
    ),
    CollectionPlan(
        ANALYZER_MODELS,
        schemas.ANALYZER_MODEL,
        (
            # At most one is in force.
            _index(
                ("state", ASCENDING),
                name="promoted",
                unique=True,
                partialFilterExpression={"state": "promoted"},
            ),
        ),
    ),
    CollectionPlan(
        REVIEW_FINGERPRINTS,
        schemas.REVIEW_FINGERPRINT,
        # One's own product is told from others within the index: only real matches are fetched,
        # and of a key that very many have only those seen first.
        (
            _index(
                ("keys", ASCENDING),
                ("first_seen_at", ASCENDING),
                ("product_id", ASCENDING),
                name="earliest",
            ),
        ),
        # Without the moment: of builds before.
        retired=("copies",),
    ),
    CollectionPlan(
        KEYWORD_ANALYSIS,
        schemas.KEYWORD_ANALYSIS,
        (
            # The latest of one product.
            _index(("product_id", ASCENDING), ("result_at", DESCENDING), name="product"),
            # The background of the next ones: the first field is equal, then the newest.
            _index(("keywords_version", ASCENDING), ("result_at", DESCENDING), name="background"),
        ),
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
