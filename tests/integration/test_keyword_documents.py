"""Keyword analyses in MongoDB: replaced whole, shown of their own cards, a background to others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import StoreRejected
from domain.keywords.background import KeptCounts
from settings import Settings
from storage.mongo.client import database_for
from storage.mongo.collections import KEYWORD_ANALYSIS
from storage.mongo.keyword_analysis import (
    OtherProduct,
    held_against,
    keyword_analysis,
    latest_of_others,
    other_products,
    save_keyword_analysis,
)

DAY = datetime(2026, 6, 1, tzinfo=UTC)
ROW = {
    "stem": "안 3.5",
    "cards": 7,
    "share": 0.2,
    "expected_share": 0.01,
    "z": 4.1,
    "polarity": -0.5,
    "polarity_interval": None,
    "feeling": "negative",
    "quote": {"text": "안 좋아요", "review_id": "1", "start": 0, "end": 5},
}


def content(**other: Any) -> dict[str, Any]:
    return {
        "analyzer_version": "v",
        "keywords_version": "k",
        "reviews": 60,
        "of": 70,
        "doubted": 1,
        "background": {"products": 0, "reviews": 0, "general": True},
        "distinctive": [ROW],
        "liked": [],
        "disliked": [],
    } | other


def save(
    settings: Settings,
    task_id: str,
    product_id: str,
    day: int,
    *,
    language: str = "ko",
    **other: Any,
) -> None:
    save_keyword_analysis(
        settings.mongo,
        task_id=task_id,
        product_id=product_id,
        result_at=DAY + timedelta(days=day),
        content=content(**other),
        counts={language: KeptCounts(60, 300, {"배송": day, "a.b $c": 3})},
    )


def test_a_document_is_replaced_and_shown_with_its_own_cards(settings: Settings) -> None:
    assert keyword_analysis(settings.mongo, "t1", "v") is None
    for reviews in (50, 60):
        save(settings, "t1", "p1", 1, reviews=reviews)
    assert database_for(settings.mongo)[KEYWORD_ANALYSIS].count_documents({}) == 1
    shown = keyword_analysis(settings.mongo, "t1", "v")
    assert shown is not None
    assert shown["distinctive"] == [ROW]
    assert (shown["reviews"], shown["of"]) == (60, 70)
    assert "counts" not in shown
    assert keyword_analysis(settings.mongo, "t1", "another") is None
    with pytest.raises(StoreRejected):
        save(settings, "t2", "p1", 1, distinctive=[{**ROW, "polarity": 2}])


def test_the_background_is_the_latest_of_other_products_until_then(settings: Settings) -> None:
    save(settings, "mine", "p1", 1)
    save(settings, "older", "p2", 2)
    save(settings, "latest", "p2", 3)
    save(settings, "few", "p3", 3, reviews=10)
    save(settings, "other-rules", "p4", 3, keywords_version="k2")
    save(settings, "fifth", "p5", 4)
    save(settings, "later", "p6", 9)

    save(settings, "english", "p7", 4, language="en")

    def others(most: int = 10, *languages: str) -> list[str]:
        return latest_of_others(
            settings.mongo,
            product_id="p1",
            keywords_version="k",
            languages=languages or ("ko",),
            before=DAY + timedelta(days=5),
            least_reviews=50,
            most=most,
        )

    assert others() == ["fifth", "latest"]
    assert others(1) == ["fifth"]
    assert others(10, "en") == ["english"]
    assert others(10, "ko", "en") == ["fifth", "english", "latest"]


def test_what_is_kept_of_others_comes_newest_first_and_of_the_same_rules(
    settings: Settings,
) -> None:
    for day in (3, 1, 2):
        save(settings, f"t{day}", f"p{day}", day)
    save(settings, "other-rules", "p4", 3, keywords_version="k2")
    asked = ["t1", "t2", "t3", "other-rules", "gone"]
    found = list(other_products(settings.mongo, asked, "k"))
    assert found == [
        OtherProduct(f"t{day}", {"ko": KeptCounts(60, 300, {"배송": day, "a.b $c": 3})})
        for day in (3, 2, 1)
    ]


def test_a_document_remembers_what_it_was_held_against(settings: Settings) -> None:
    save(settings, "t1", "p1", 1, held_against=["t2", "t3"])
    save(settings, "older-release", "p2", 1)
    assert held_against(settings.mongo, "t1", "k") == ["t2", "t3"]
    assert held_against(settings.mongo, "t1", "k2") is None
    assert held_against(settings.mongo, "older-release", "k") is None
    assert held_against(settings.mongo, "gone", "k") is None
    shown = keyword_analysis(settings.mongo, "t1", "v")
    assert shown is not None
    assert "held_against" not in shown
