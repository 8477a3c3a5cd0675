"""Keywords behind a result: found aside, never in its way, the same whenever they are found."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flow_runs
import psutil
import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from cli.analysis_run import is_over
from domain.keywords.background import KeptCounts
from domain.keywords.version import keywords_version
from reports.files import report_name
from settings import Settings, get_settings
from storage.mongo.client import database_for
from storage.mongo.collections import KEYWORD_ANALYSIS
from storage.mongo.keyword_analysis import save_keyword_analysis
from storage.mongo.raw_reviews import load_reviews
from storage.postgres.requests import get_request
from storage.redis.caches import cached_analysis
from tasks.documents import result_document
from tasks.finalization import show_result
from tasks.invariants import check_analysis
from tasks.keywords import find_keywords
from tasks.missing_keywords import still_to_find

SAYINGS = (
    (30, "배터리가 하루도 안 가네요 실망이에요", 1),
    (40, "노이즈캔슬링 덕분에 지하철이 조용해요 최고", 5),
    (10, "배송비가 비싸요 [☎] 로 연락 주세요", 2),
    (20, "그냥 그래요", 3),
)


@pytest.fixture
def with_keywords(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EC_ANALYSIS__KEYWORD_REVIEWS", "90")
    get_settings.cache_clear()
    return get_settings()


def reviews_file(folder: Path) -> str:
    path = folder / "earphones.jsonl"
    said = [(text, rating) for number, text, rating in SAYINGS for _ in range(number)]
    rows = [
        # A number of its own makes each a review that nobody copied.
        {"id": n, "text": f"{text} {n * 7919 % 1000}번째 리뷰", "rating": rating}
        for n, (text, rating) in enumerate(said)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return str(path)


def counting_process(flow: int) -> psutil.Process | None:
    """Return the process beside a flow that counts words."""
    children = psutil.Process(flow).children(recursive=True)
    for child in children:
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                return child
        except psutil.NoSuchProcess:
            continue
    return None


def stored(settings: Settings, task_id: str) -> dict[str, Any] | None:
    return database_for(settings.mongo)[KEYWORD_ANALYSIS].find_one({"_id": task_id})


def add_other_product(settings: Settings, name: str, cards: dict[str, int]) -> None:
    """Keep the keywords of another product, whose result is a year old."""
    content = {
        "analyzer_version": "v",
        "keywords_version": keywords_version(),
        "reviews": sum(cards.values()),
        "of": sum(cards.values()),
        "background": {"products": 0, "reviews": 0, "general": True},
        **dict.fromkeys(("distinctive", "liked", "disliked"), ()),
    }
    save_keyword_analysis(
        settings.mongo,
        task_id=name,
        product_id=name,
        result_at=datetime.now(UTC) - timedelta(days=365),
        content=content,
        counts={language: KeptCounts(each, 300, {"배송": 40}) for language, each in cards.items()},
    )


def test_keywords_are_found_behind_the_result_and_their_failure_harms_nothing(
    with_keywords: Settings, tmp_path: Path
) -> None:
    settings = with_keywords
    flow = flow_runs.start("analyze-product", location=reviews_file(tmp_path))
    flow_runs.wait_for(lambda: counting_process(flow.pid), seconds=90).kill()
    ended = flow_runs.finish(flow)
    assert ended.returncode == 0, ended.log
    assert ended.answer["status"] == "completed"
    task_id = ended.answer["task_id"]
    check_a_result_without(settings, task_id)
    check_found_again(settings, task_id)


def check_a_result_without(settings: Settings, task_id: str) -> None:
    """The result stands, and the run tells that its keywords are missing, and why."""
    assert all(finding.ok for finding in check_analysis(settings, task_id))
    assert stored(settings, task_id) is None
    assert "keyword_analysis" not in result_document(settings, task_id)
    assert (settings.reports_dir / report_name(task_id)).exists()
    key = ArtifactFilterKey(any_=[f"keywords-{task_id}"])
    with get_client(sync_client=True) as client:
        (artifact,) = client.read_artifacts(artifact_filter=ArtifactFilter(key=key))
    assert "status -9" in str(artifact.data)
    assert still_to_find(settings, task_id)
    # So that `cards analyze --resume` has something to go on with.
    assert not is_over(settings, task_id)


def check_found_again(settings: Settings, task_id: str) -> None:
    """Gone on with or found alone they are the same, true to their texts, and shown."""
    add_other_product(settings, "bilingual", {"ko": 55, "en": 5})
    add_other_product(settings, "english", {"en": 60})
    # What `cards analyze --resume` starts.
    resumed = flow_runs.run("analyze-product", task_id=task_id)
    assert resumed.answer == {"task_id": task_id, "status": "completed"}, resumed.log
    first = stored(settings, task_id)
    assert first is not None
    # Of a result that is older, too, but it comes later.
    add_other_product(settings, "late", {"ko": 60})
    find_keywords.fn(task_id)
    assert stored(settings, task_id) == first
    assert not still_to_find(settings, task_id)
    assert is_over(settings, task_id)
    assert (first["of"], first["reviews"] + first["doubted"]) == (100, 90)
    assert first["background"] == {"products": 1, "reviews": 55, "general": True}
    assert first["held_against"] == ["bilingual"]
    texts = {
        review.review_id: review.text for review in load_reviews(settings.mongo, task_id, 0, 100)
    }
    rows = first["distinctive"] + first["liked"] + first["disliked"]
    for row in rows:
        quote = row["quote"]
        assert texts[quote["review_id"]][quote["start"] : quote["end"]] == quote["text"]
    path = show_result.fn(task_id)
    document = result_document(settings, task_id)
    assert document["keyword_analysis"]["distinctive"] == first["distinctive"]
    product_id = get_request(settings.postgres, task_id).product_id
    cached = cached_analysis(settings.redis, product_id)
    assert cached is not None
    assert cached["keyword_analysis"] == document["keyword_analysis"]
    assert first["distinctive"][0]["stem"] in Path(path).read_text(encoding="utf-8")
