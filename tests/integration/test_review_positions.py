"""Positions of reviews: one review each, also where an older release made the index."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pymongo.errors import DuplicateKeyError

from settings import Settings
from storage.mongo.client import Document, database_for
from storage.mongo.collections import RAW_REVIEWS, setup


def row(number: int, pos: int) -> Document:
    return {
        "_id": f"product:{number}",
        "product_id": "product",
        "review_id": str(number),
        "text": "좋아요",
        "rating": None,
        "created_at": None,
        "content_hash": "x",
        "scope": {"task_id": "task", "pos": pos},
        "first_seen_at": datetime(2026, 6, 1, tzinfo=UTC),
    }


def test_a_position_has_one_review(settings: Settings) -> None:
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    raw.insert_many([row(0, 0), row(1, 1)])
    with pytest.raises(DuplicateKeyError, match="positions"):
        raw.insert_one(row(2, 1))


def test_setup_replaces_the_index_of_an_older_release(settings: Settings) -> None:
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    raw.drop_index("positions")
    raw.create_index([("scope.task_id", 1), ("scope.pos", 1)], name="scope")
    raw.insert_many([row(0, 0), row(1, 1)])
    for _ in range(2):
        setup(settings.mongo)
        assert raw.index_information().keys() == {"_id_", "positions"}
    with pytest.raises(DuplicateKeyError, match="positions"):
        raw.insert_one(row(2, 1))
