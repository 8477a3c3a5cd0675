"""How many reviews are expected: declared, guessed, or bounded by the request."""

from __future__ import annotations

from typing import Any

import pytest

from domain.reviews import ProductInfo, SourceBatch, build_review
from settings import Settings
from storage.mongo.crawl_jobs import claim_crawl, commit_batch, expect_reviews, open_analysis
from storage.postgres.acceptance import accept_request
from tasks.progress import Progress, publish_progress, shown_progress, take_progress


def accepted(settings: Settings, max_reviews: int | None) -> str:
    """Accept a request and lay out its work; return its task_id."""
    request = accept_request(
        settings.postgres,
        source="file",
        external_key="/reviews.jsonl",
        name="reviews",
        spec={"location": "/reviews.jsonl", "max_reviews": max_reviews},
        idempotency_key=None,
    )
    open_analysis(settings.mongo, request.task_id, request.product_id)
    return request.task_id


def crawl(settings: Settings, task_id: str, **words: Any) -> None:
    """Store one batch of one review."""
    job = claim_crawl(settings.mongo, task_id, "tests", 30)
    assert job is not None
    review = build_review(review_id="r1", text="좋아요", now=job.started_at)
    commit_batch(settings.mongo, job, SourceBatch((review,), cursor={}, **words))


def total(progress: Progress) -> tuple[int | None, bool]:
    return progress.expected, progress.estimated


@pytest.mark.parametrize(
    ("max_reviews", "guess", "declared", "expected"),
    [
        (None, None, None, (None, False)),
        (None, 5000, None, (5000, True)),
        (None, 5000, 4812, (4812, False)),
        (30, None, None, (30, False)),
        (30, 5000, None, (30, False)),
        (30, 20, None, (20, True)),
        (30, None, 4812, (30, False)),
        (30, None, 12, (12, False)),
    ],
)
def test_a_total_is_what_is_known_of_it(
    settings: Settings,
    max_reviews: int | None,
    guess: int | None,
    declared: int | None,
    expected: tuple[int | None, bool],
) -> None:
    task_id = accepted(settings, max_reviews)
    expect_reviews(settings.mongo, task_id, guess)
    if declared is not None:
        crawl(settings, task_id, product=ProductInfo("이어폰", declared_reviews=declared))
    assert total(take_progress(settings, task_id)) == expected
    assert publish_progress(settings, task_id) == shown_progress(settings, task_id)


def test_at_the_end_the_total_is_what_came(settings: Settings) -> None:
    task_id = accepted(settings, None)
    expect_reviews(settings.mongo, task_id, 5000)
    crawl(settings, task_id, done=True)
    assert total(take_progress(settings, task_id)) == (1, False)
