"""An ending killed between PostgreSQL and MongoDB harms neither the next analysis nor itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from requesting import accept

from domain.errors import LeaseLost
from domain.requests import RequestStatus
from domain.reviews import Review, SourceBatch, build_review
from settings import Settings
from storage.mongo.card_jobs import cut_chunk
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYSIS_QUEUE
from storage.mongo.crawl_jobs import (
    CrawlJob,
    claim_crawl,
    commit_batch,
    crawl_state,
    expect_reviews,
    job_id,
)
from storage.mongo.leases import cancel_jobs
from storage.mongo.raw_reviews import load_reviews
from storage.postgres.requests import move_request
from tasks.endings import finish_endings
from tasks.intake import lay_out

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LOCATION = "https://shop/1"


def reviews(count: int) -> tuple[Review, ...]:
    return tuple(build_review(review_id=f"r{n}", text=f"좋아요 {n}", now=NOW) for n in range(count))


def crawling(settings: Settings, task_id: str, owner: str) -> CrawlJob:
    lay_out.fn(task_id)
    move_request(settings.postgres, task_id, RequestStatus.CRAWLING)
    job = claim_crawl(settings.mongo, task_id, owner, 60)
    assert job is not None
    return job


@pytest.mark.parametrize("end", [RequestStatus.CANCELLED, RequestStatus.FAILED])
def test_a_stale_crawl_does_not_take_the_next_analysis_reviews(
    settings: Settings, end: RequestStatus
) -> None:
    first = accept(settings, LOCATION)
    stale = crawling(settings, first.task_id, "stale")
    stale = commit_batch(settings.mongo, stale, SourceBatch(reviews(2), cursor={"n": 1}))
    error = ("page_not_found", "gone") if end is RequestStatus.FAILED else None
    # Killed here: the product is free, the stale crawl's lease still stands.
    move_request(settings.postgres, first.task_id, end, error=error)

    second = accept(settings, LOCATION)
    assert second.created
    job = crawling(settings, second.task_id, "fresh")
    commit_batch(settings.mongo, job, SourceBatch(reviews(3), cursor={"n": 1}, done=True))
    assert cut_chunk(settings.mongo, second.task_id, second.product_id, 3)
    with pytest.raises(LeaseLost):
        commit_batch(settings.mongo, stale, SourceBatch(reviews(3), cursor={"n": 2}, done=True))
    assert len(load_reviews(settings.mongo, second.task_id, 0, 3)) == 3
    state = crawl_state(settings.mongo, first.task_id)
    assert state is not None
    assert state.state == "cancelled"


def test_a_late_step_of_an_ended_request_does_not_stop_the_next(settings: Settings) -> None:
    first = accept(settings, LOCATION)
    lay_out.fn(first.task_id)
    move_request(settings.postgres, first.task_id, RequestStatus.CANCELLED)
    second = accept(settings, LOCATION)
    job = crawling(settings, second.task_id, "fresh")
    # What the first one's laying out does, had it read its state before the cancellation.
    finish_endings(settings, first.product_id, but=first.task_id)
    commit_batch(settings.mongo, job, SourceBatch(reviews(1), cursor={"n": 1}, done=True))
    assert len(load_reviews(settings.mongo, second.task_id, 0, 1)) == 1


def test_a_guess_is_not_written_to_a_crawl_out_of_work(settings: Settings) -> None:
    accepted = accept(settings, LOCATION)
    lay_out.fn(accepted.task_id)
    expect_reviews(settings.mongo, accepted.task_id, 20)
    cancel_jobs(settings.mongo, accepted.task_id)
    expect_reviews(settings.mongo, accepted.task_id, 5000)
    job = database_for(settings.mongo)[ANALYSIS_QUEUE].find_one({"_id": job_id(accepted.task_id)})
    assert job is not None
    assert job["expected"] == 20
