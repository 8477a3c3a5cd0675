"""The queue on a real replica set: leases, fences, halving, dead letters."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pymongo.errors import WriteError

from domain.cards import AnalysisFailure, FailureReason
from domain.coverage import Coverage
from domain.errors import InvariantBroken, LeaseLost, StoreUnavailable
from domain.rating_scale import given_scale
from domain.reviews import Review, SourceBatch, build_review
from domain.tally import Tally, merged
from settings import Settings
from storage.mongo.card_jobs import (
    CardJob,
    Failed,
    bury,
    chunk_counts,
    claim_cards,
    commit_cards,
    cut_chunk,
    halve,
    scope_ids,
    tallies,
)
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYSIS_QUEUE
from storage.mongo.crawl_jobs import (
    claim_crawl,
    commit_batch,
    crawl_state,
    job_id,
    open_analysis,
)
from storage.mongo.emotion_cards import outcomes
from storage.mongo.leases import (
    cancel_jobs,
    extend,
    give_back,
    owners,
    release_expired,
    release_owned,
)
from storage.mongo.quarantine import quarantined
from storage.mongo.raw_reviews import load_reviews, texts_by_hash

TASK, PRODUCT = "task", "product"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def review(number: int, text: str = "좋아요") -> Review:
    return build_review(review_id=f"r{number:04d}", text=f"{text} {number}", now=NOW)


def crawl(settings: Settings, numbers: range, *, task: str = TASK, text: str = "좋아요") -> None:
    open_analysis(settings.mongo, task, PRODUCT)
    job = claim_crawl(settings.mongo, task, "crawler", 30)
    assert job is not None
    reviews = tuple(review(number, text) for number in numbers)
    commit_batch(settings.mongo, job, SourceBatch(reviews, cursor={"row": 1}, done=True))


def chunk(settings: Settings, owner: str = "w", lease: float = 30) -> CardJob:
    job = claim_cards(settings.mongo, TASK, owner, lease)
    assert job is not None
    return job


def finish(settings: Settings, job: CardJob) -> None:
    """End a chunk with a failure record a review: the queue does not mind what came of it."""
    reviews = load_reviews(settings.mongo, job.task_id, job.start, job.end)
    failure = AnalysisFailure(FailureReason.EMPTY_TEXT, "for the test")
    tally = Tally()
    for _ in reviews:
        tally.add_failure(failure.reason)
    failed = [Failed(each, failure) for each in reviews]
    commit_cards(settings.mongo, job, [], failed, analyzer_version="v", tally=tally)


def test_each_review_is_in_one_chunk_however_many_cut(settings: Settings) -> None:
    crawl(settings, range(100))
    ends = [10, 25, 40, 40, 60, 80, 100, 100] * 3
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda end: cut_chunk(settings.mongo, TASK, PRODUCT, end), ends))
    while job := claim_cards(settings.mongo, TASK, "w", 30):
        finish(settings, job)
    ids = [each for part in scope_ids(settings.mongo, TASK) for each in part]
    assert ids == [f"r{number:04d}" for number in range(100)]


def test_a_job_is_claimed_by_one(settings: Settings) -> None:
    crawl(settings, range(10))
    for end in range(1, 11):
        cut_chunk(settings.mongo, TASK, PRODUCT, end)
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda n: claim_cards(settings.mongo, TASK, f"w{n}", 30), range(16)))
    taken = [job.lease.job_id for job in jobs if job is not None]
    assert len(taken) == len(set(taken)) == 10


def test_a_stale_worker_writes_nothing(settings: Settings) -> None:
    crawl(settings, range(3))
    cut_chunk(settings.mongo, TASK, PRODUCT, 3)
    slow = chunk(settings, "slow", lease=0.01)
    time.sleep(0.05)
    assert release_expired(settings.mongo, TASK) == 1
    quick = chunk(settings, "quick")
    assert quick.lease.fence > slow.lease.fence
    with pytest.raises(LeaseLost):
        finish(settings, slow)
    with pytest.raises(LeaseLost):
        extend(settings.mongo, slow.lease, 30)
    assert list(outcomes(settings.mongo, TASK)) == []
    finish(settings, quick)
    assert len(list(outcomes(settings.mongo, TASK))) == 3
    with pytest.raises(LeaseLost):
        finish(settings, quick)


def test_a_heartbeat_keeps_the_lease(settings: Settings) -> None:
    crawl(settings, range(1))
    cut_chunk(settings.mongo, TASK, PRODUCT, 1)
    job = chunk(settings, lease=0.2)
    for _ in range(4):
        time.sleep(0.1)
        extend(settings.mongo, job.lease, 0.2)
        assert release_expired(settings.mongo, TASK) == 0
    finish(settings, job)


def test_dead_owners_need_not_time_out(settings: Settings) -> None:
    crawl(settings, range(1))
    cut_chunk(settings.mongo, TASK, PRODUCT, 1)
    chunk(settings, "gone", lease=600)
    assert owners(settings.mongo, TASK) == ["gone"]
    assert release_owned(settings.mongo, TASK, ["gone"]) == 1
    assert chunk(settings, "next").lease.attempts == 2


def test_a_failed_chunk_comes_back_later(settings: Settings) -> None:
    crawl(settings, range(1))
    cut_chunk(settings.mongo, TASK, PRODUCT, 1)
    give_back(settings.mongo, chunk(settings).lease, StoreUnavailable("away"), delay=0.2)
    assert claim_cards(settings.mongo, TASK, "w", 30) is None
    time.sleep(0.25)
    again = chunk(settings)
    assert again.last_error == ("store_unavailable", "away")


def test_halving_finds_the_one_and_buries_it(settings: Settings) -> None:
    crawl(settings, range(8))
    cut_chunk(settings.mongo, TASK, PRODUCT, 8)
    error = StoreUnavailable("poison")
    for _ in range(60):
        job = claim_cards(settings.mongo, TASK, "w", 30)
        if job is None:
            break
        if job.lease.attempts > 2 and job.size > 1:
            halve(settings.mongo, job, 2)
        elif job.lease.attempts > 2:
            bury(settings.mongo, job, analyzer_version="v")
        elif job.start <= 5 < job.end:
            give_back(settings.mongo, job.lease, error, delay=0)
        else:
            finish(settings, job)
    counts = chunk_counts(settings.mongo, TASK)
    assert (counts.open_chunks, counts.reviews, counts.failures, counts.dead) == (0, 8, 8, 1)
    rows = {row["review_id"]: row["failure"] for row in outcomes(settings.mongo, TASK)}
    assert len(rows) == 8
    assert rows["r0005"] == {"reason": "dead_letter", "message": "store_unavailable: poison"}
    assert merged(tallies(settings.mongo, TASK)).failures == {"empty_text": 7, "dead_letter": 1}


def test_cancelling_refuses_what_is_under_way(settings: Settings) -> None:
    crawl(settings, range(4))
    for end in (2, 4):
        cut_chunk(settings.mongo, TASK, PRODUCT, end)
    job = chunk(settings)
    assert cancel_jobs(settings.mongo, TASK) == 2
    with pytest.raises(LeaseLost):
        finish(settings, job)
    assert claim_cards(settings.mongo, TASK, "w", 30) is None


def test_a_batch_and_its_cursor_stand_or_fall_together(settings: Settings) -> None:
    open_analysis(settings.mongo, TASK, PRODUCT)
    stale = claim_crawl(settings.mongo, TASK, "stale", 0.01)
    assert stale is not None
    time.sleep(0.05)
    release_expired(settings.mongo, TASK)
    fresh = claim_crawl(settings.mongo, TASK, "fresh", 30)
    assert fresh is not None
    with pytest.raises(LeaseLost):
        commit_batch(settings.mongo, stale, SourceBatch((review(1),), cursor={"row": 1}))
    state = crawl_state(settings.mongo, TASK)
    assert state is not None
    assert state.collected == 0
    assert load_or_none(settings, "r0001") is None
    after = commit_batch(settings.mongo, fresh, SourceBatch((review(1),), cursor={"row": 1}))
    assert (after.cursor, after.coverage["collected"]) == ({"row": 1}, 1)


def load_or_none(settings: Settings, review_id: str) -> str | None:
    texts = texts_by_hash(settings.mongo, PRODUCT, [review_id])
    return next(iter(texts.values()), None)


def test_a_review_seen_twice_counts_once(settings: Settings) -> None:
    open_analysis(settings.mongo, TASK, PRODUCT)
    job = claim_crawl(settings.mongo, TASK, "w", 30)
    assert job is not None
    job = commit_batch(settings.mongo, job, SourceBatch((review(1), review(2)), cursor={"n": 1}))
    twin = build_review(review_id="r0002", text="다른 내용", now=NOW)
    again = SourceBatch((review(1), twin, review(3)), cursor={"n": 2}, done=True)
    job = commit_batch(settings.mongo, job, again)
    assert job.coverage["collected"] == 3
    assert job.coverage["duplicates"] == 1
    assert job.coverage["quarantined"] == {"duplicate_id": 1}
    kept = list(quarantined(settings.mongo, TASK))
    assert "다른" in kept[0]["record"].encode().decode("unicode_escape")


def test_the_scale_is_kept_and_a_crawl_from_before_it_was_goes_on(settings: Settings) -> None:
    open_analysis(settings.mongo, TASK, PRODUCT)
    queue = database_for(settings.mongo)[ANALYSIS_QUEUE]
    queue.update_one({"_id": job_id(TASK)}, {"$unset": {"coverage.rating_scale": ""}})
    job = claim_crawl(settings.mongo, TASK, "w", 30)
    assert job is not None
    assert "rating_scale" not in job.coverage
    scale = given_scale(10)
    batch = SourceBatch((review(1),), cursor={"n": 1}, rating_scale=scale)
    job = commit_batch(settings.mongo, job, batch)
    commit_batch(settings.mongo, job, SourceBatch((review(2),), cursor={"n": 2}, done=True))
    state = crawl_state(settings.mongo, TASK)
    assert state is not None
    assert Coverage.from_state(state.coverage).rating_scale == scale
    odd = {"$set": {"coverage.rating_scale.origin": "guessed"}}
    with pytest.raises(WriteError, match="validation"):
        queue.update_one({"_id": job_id(TASK)}, odd)


def test_an_edited_review_keeps_its_versions(settings: Settings) -> None:
    crawl(settings, range(2))
    crawl(settings, range(2), task="later", text="별로예요")
    rows = load_reviews(settings.mongo, "later", 0, 1)
    assert (rows[0].text, rows[0].edited) == ("별로예요 0", True)
    texts = texts_by_hash(settings.mongo, PRODUCT, ["r0000"])
    assert sorted(texts.values()) == ["별로예요 0", "좋아요 0"]
    state = crawl_state(settings.mongo, "later")
    assert state is not None
    assert state.coverage["edited"] == 2


def test_counting_reads_the_index_alone(settings: Settings) -> None:
    crawl(settings, range(40))
    for end in range(10, 50, 10):
        cut_chunk(settings.mongo, TASK, PRODUCT, end)
    queue = database_for(settings.mongo)["analysis_queue"]
    shape = {"task_id": TASK, "kind": "cards"}
    wanted = {"_id": 0, "state": 1, "reviews": 1, "cards": 1, "failures": 1}
    plan = queue.find(shape, wanted).hint("counts").explain()["queryPlanner"]["winningPlan"]
    assert "FETCH" not in str(plan)
    assert chunk_counts(settings.mongo, TASK).reviews == 40


def test_a_chunk_is_read_by_its_positions(settings: Settings) -> None:
    crawl(settings, range(5))
    raw = database_for(settings.mongo)["raw_reviews"]
    where = {"scope.task_id": TASK, "scope.pos": {"$gte": 0, "$lt": 5}}
    plan = raw.find(where).sort("scope.pos", 1).explain()["queryPlanner"]["winningPlan"]
    assert "COLLSCAN" not in str(plan)
    assert "SORT" not in str(plan).replace("sortPattern", "")
    raw.delete_one({"review_id": "r0003"})
    with pytest.raises(InvariantBroken, match="4 reviews"):
        load_reviews(settings.mongo, TASK, 0, 5)
