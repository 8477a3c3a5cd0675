"""The yardstick: the main job with nothing around it.

One plain process reads the file, upserts the reviews, analyses them, builds whole cards and
inserts them with majority writes. No orchestration, leases, positions, checks or result.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from pymongo import UpdateOne

from domain.analysis import ModelAnalyzer
from domain.cards import Card, Reading, ReviewText
from settings import Settings
from sources.base import SourceSpec
from sources.registry import open_source
from storage.mongo.client import database_for
from storage.mongo.emotion_cards import card_document


def run_bare(settings: Settings, location: str) -> tuple[int, float]:
    """Return how many reviews were read, and the seconds it took."""
    database = database_for(settings.mongo)
    raw, cards = database["bare_reviews"], database["bare_cards"]
    analyzer = ModelAnalyzer()
    analyzer.analyze([ReviewText("좋아요", None)])
    started = time.perf_counter()
    reviews = 0
    for batch in open_source(SourceSpec(location), settings.crawl).batches(None):
        if not batch.reviews:
            continue
        now = datetime.now(UTC)
        upserts = [
            UpdateOne(
                {"_id": f"bare:{each.review_id}"},
                {"$set": {"text": each.text, "rating": each.rating, "seen_at": now}},
                upsert=True,
            )
            for each in batch.reviews
        ]
        raw.bulk_write(upserts, ordered=False)
        readings = analyzer.analyze([ReviewText(each.text, each.rating) for each in batch.reviews])
        rows = [
            card_document(
                Card(
                    task_id="bare",
                    product_id="bare",
                    review_id=review.review_id,
                    content_hash=review.content_hash,
                    rating=review.rating,
                    reviewed_at=review.created_at,
                    analyzer_version=analyzer.version,
                    reading=reading,
                ),
                now,
            )
            for review, reading in zip(batch.reviews, readings, strict=True)
            if isinstance(reading, Reading)
        ]
        if rows:
            cards.insert_many(rows, ordered=False)
        reviews += len(batch.reviews)
    return reviews, time.perf_counter() - started
