"""Re-analyses where something is wrong: the good result stays, and each end has a name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from requesting import accept

from cli.hints import hint_for
from domain.analysis import LexiconAnalyzer
from domain.cards import Flag, ReviewText
from domain.errors import AnalyzerCrashed, InvalidRequest, ReanalysisIncomplete, ReanalysisWorse
from domain.masking import Masked
from domain.requests import RequestStatus
from flows import reanalysis
from settings import Settings, get_settings
from sources.base import SourceSpec
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.client import database_for
from storage.mongo.collections import RAW_REVIEWS
from storage.mongo.crawl_jobs import crawl_state
from storage.mongo.emotion_cards import outcomes
from storage.mongo.raw_reviews import raw_id
from storage.mongo.sessions import session_open
from storage.postgres.acceptance import Acceptance, known_below
from storage.postgres.requests import get_request
from storage.postgres.results import current_task
from tasks.cards import make_cards
from tasks.crawl import crawl_source
from tasks.finalization import end_showing, write_result
from tasks.intake import accept as accept_location
from tasks.intake import lay_out
from tasks.invariants import check_analysis
from tasks.queueing import queue_until_crawled
from tasks.reanalysis import MAX_RUN_KEY_CHARS, accept_reanalysis, part_key
from tasks.trust import weigh_trust

CALL = "전화 010-2345-6789 정말 좋아요"
FLAGS = {"r0": [], "r1": [Flag.PII_MASKED], "r2": [Flag.EDITED]}


def work_through(settings: Settings, task_id: str) -> str:
    """Carry a request to its result, stage by stage."""
    lay_out.fn(task_id)
    crawl_source.fn(task_id)
    queue_until_crawled.fn(task_id)
    while chunk_counts(settings.mongo, task_id).open_chunks:
        try:
            make_cards.fn(task_id)
        except AnalyzerCrashed:
            continue
    weigh_trust.fn(task_id)
    write_result.fn(task_id)
    end_showing.fn(task_id)
    return task_id


def analyse(settings: Settings, folder: Path, texts: Sequence[str], name: str = "a.jsonl") -> str:
    rows = [{"id": f"r{n}", "text": each, "rating": 4} for n, each in enumerate(texts)]
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    spec = SourceSpec(str(path)).to_state()
    return work_through(settings, accept_location.fn(spec, None, str(uuid4())).task_id)


def asked_again(product_id: str) -> str:
    run_id = str(uuid4())
    accepted = accept_reanalysis.fn(product_id, force=True, idempotency_key=None, run_id=run_id)
    return accepted.task_id


def crash_at(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    """Let the analyzer raise at texts with a word in them."""
    read = LexiconAnalyzer.analyze

    def analyze(self: LexiconAnalyzer, reviews: Sequence[ReviewText]) -> Any:
        if any(word in review.text for review in reviews):
            raise RuntimeError("a fault of the new version")
        return read(self, reviews)

    monkeypatch.setattr(LexiconAnalyzer, "analyze", analyze)


def test_a_result_is_not_replaced_by_one_with_more_dead_letters(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EC_QUEUE__RETRY_BASE", "0.01")
    monkeypatch.setenv("EC_QUEUE__MAX_ATTEMPTS", "1")
    get_settings.cache_clear()
    crash_at(monkeypatch, "소음")
    base = analyse(get_settings(), tmp_path, ["배송이 빨라요", "소음이 커요", "가격이 좋아요"])
    product_id = get_request(settings.postgres, base).product_id
    as_many = work_through(get_settings(), asked_again(product_id))
    assert get_request(settings.postgres, as_many).status is RequestStatus.PARTIAL
    assert current_task(settings.postgres, product_id) == as_many

    crash_at(monkeypatch, "가격")
    worse = asked_again(product_id)
    with pytest.raises(ReanalysisWorse, match=f"2 reviews, .* {as_many} on 1: that one stays"):
        work_through(get_settings(), worse)
    request = get_request(settings.postgres, worse)
    assert (request.status, request.error_code) == (RequestStatus.FAILED, "reanalysis_worse")
    assert hint_for(ReanalysisWorse(request.error_message or "")) is not None
    assert current_task(settings.postgres, product_id) == as_many
    assert not session_open(settings.mongo, worse)
    # The product is free, and what failed tells why of each review.
    dead = [row for row in outcomes(settings.mongo, worse) if row["kind"] == "failure"]
    assert ["a fault of the new version" in row["failure"]["message"] for row in dead] == [True] * 2
    assert asked_again(product_id) != worse


def test_what_was_stored_unmasked_is_masked_when_it_is_read_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as release:
        # As releases without masking read.
        release.setattr("domain.reviews.mask", lambda text: Masked(text, ()))
        first = analyse(settings, tmp_path, ["배송이 빨라요", CALL, "kim@naver.com 별로예요"])
        base = analyse(settings, tmp_path, ["배송이 빨라요", CALL, "가격이 좋아요"])
    product_id = get_request(settings.postgres, base).product_id
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    link = {"$set": {"url": "https://shop.example/?by=kim@naver.com"}}
    raw.update_one({"_id": raw_id(product_id, "r0")}, link)
    for task_id in (first, base):
        assert [each.ok for each in check_analysis(settings, task_id)] == [True] * 4

    new = work_through(settings, asked_again(product_id))
    kept = list(raw.find({}, {"scope": 0}).sort("_id"))
    assert [secret for secret in ("2345", "kim@") if secret in str(kept)] == []
    rows = {row["review_id"]: row for row in outcomes(settings.mongo, new)}
    assert rows["r1"]["headline"]["text"] == "전화 [☎] 정말 좋아요"
    # The last was edited; what is masked is the same review still.
    assert {name: row["flags"] for name, row in rows.items()} == FLAGS
    crawl = crawl_state(settings.mongo, new)
    assert crawl is not None
    # As the reading had it, none more.
    assert (crawl.coverage["edited"], crawl.collected) == (1, 3)
    # Old cards keep what they quote: nothing is left to hold it against, and nothing is broken.
    for task_id, unseen in ((first, 2), (base, 1), (new, 0)):
        findings = check_analysis(settings, task_id)
        assert [each.ok for each in findings] == [True] * 4
        assert findings[3].detail.endswith(f" since: {unseen}") == bool(unseen)
    work_through(settings, asked_again(product_id))
    assert list(raw.find({}, {"scope": 0}).sort("_id")) == kept

    # Only cards of before are let off.
    raw.update_one(
        {"_id": raw_id(product_id, "r1")}, {"$set": {"text": "ⓧ", "content_hash": "another"}}
    )
    assert not check_analysis(settings, new)[3].ok


def test_a_fault_in_one_product_stops_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def accepted(product_id: str, **_words: Any) -> Acceptance:
        tried.append(product_id)
        if product_id == "first":
            raise KeyError("nobody meant this")
        return Acceptance("task", product_id, created=True)

    monkeypatch.setattr(reanalysis, "products_to_reanalyze", lambda **_: iter(["first", "second"]))
    monkeypatch.setattr(reanalysis, "accept_reanalysis", accepted)
    monkeypatch.setattr(reanalysis, "work_through", lambda *_: {})
    words: dict[str, Any] = {"force": True, "run_id": "a run"}
    with pytest.raises(ReanalysisIncomplete, match=r"1 of 2 products .* first \(fault\)"):
        reanalysis._every_product(settings, key=None, **words)
    assert tried == ["first", "second"]
    # A key is too long for all products or for none, and told before the first.
    with pytest.raises(InvalidRequest, match="1 to 163 characters"):
        reanalysis._every_product(settings, key="k" * 164, **words)
    assert len(tried) == 2
    with pytest.raises(ReanalysisIncomplete, match="1 of 2"):
        reanalysis._every_product(settings, key="k" * 163, **words)


def test_the_longest_key_of_a_whole_run_fits_each_product(settings: Settings) -> None:
    key = "k" * MAX_RUN_KEY_CHARS
    asked = accept(settings, key=part_key(key, str(uuid4())))
    assert known_below(settings.postgres, key, skip=0) == [asked.task_id]
