"""Products compared with each other on real stores: at once, the same twice, and very many."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_trust_weighing import COPIED, finalised, honest, lay

from domain.trust import WeighedReview, keys_left, sign
from settings import Settings
from storage.mongo.client import database_for
from storage.mongo.collections import RAW_REVIEWS
from storage.mongo.fingerprints import PER_KEY, leave_fingerprints, twins
from storage.mongo.weighed_reviews import WeighedBatch
from storage.postgres.requests import get_request
from tasks import trust
from tasks.trust import weigh_trust


def test_of_two_products_weighed_before_either_has_its_result_one_finds_the_other(
    settings: Settings, tmp_path: Path
) -> None:
    rows = honest(40)
    both = [
        lay(settings, tmp_path, name, [row | {"id": name + row["id"]} for row in rows])
        for name in ("a", "b")
    ]
    found = [weigh_trust.fn(task_id) for task_id in both]
    assert found[0] == {}
    assert found[1]["copy_elsewhere"] > 10
    for task_id in both:
        finalised(settings, task_id)


def test_one_file_under_two_names_is_told_and_not_doubted(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = honest(40)
    first = lay(settings, tmp_path, "first", rows)
    assert weigh_trust.fn(first) == {}
    caplog.set_level(logging.INFO, logger=trust.__name__)
    assert weigh_trust.fn(lay(settings, tmp_path, "second", rows)) == {}
    product = get_request(settings.postgres, first).product_id
    assert f"with product {product}, under the same ids" in caplog.text


def test_of_a_text_that_very_many_products_have_those_seen_first_are_fetched(
    settings: Settings,
) -> None:
    database = database_for(settings.mongo)
    signed = sign([COPIED])
    for number in range(20):
        product = f"p{number:02d}"
        seen = datetime(2026, 3, 28 - number, tzinfo=UTC)
        review = WeighedReview("1", COPIED, None, seen, None, 0.0)
        batch = WeighedBatch([review], [], ["e1"])
        assert leave_fingerprints(settings.mongo, product, batch, signed) == 1
        database[RAW_REVIEWS].insert_one(
            {
                "_id": f"{product}:1",
                "product_id": product,
                "review_id": "1",
                "text": COPIED,
                "content_hash": "e1",
                "rating": None,
                "created_at": None,
                "scope": {"task_id": product, "pos": 0},
                "first_seen_at": seen,
            }
        )
    keys = keys_left(signed)[1][0]
    few = [each.name for part in twins(settings.mongo, "p19", keys) for each in part]
    assert sorted(few) == [f"p{number}:1" for number in range(11, 19)]
    assert len(few) == PER_KEY
