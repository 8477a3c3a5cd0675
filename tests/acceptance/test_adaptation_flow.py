"""The whole adaptation on real stores: told first, then put in force, then the way back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cards_command import cards

from domain.adaptation.selection import text_key
from domain.errors import AnalyzerModelUnusable
from domain.reviews import SourceBatch, build_review
from flows.adaptation import adapt_analyzer
from flows.analysis import analyze_product
from flows.intake import intake_request
from settings import Settings
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYZER_MODELS, RAW_REVIEWS, SESSIONS
from storage.mongo.crawl_jobs import claim_crawl, commit_batch, open_analysis
from storage.mongo.emotion_cards import outcomes
from storage.postgres.requests import get_request
from storage.postgres.results import get_result
from tasks import rated_examples
from tasks.adaptation import return_to_shipped
from tasks.analyzers import current_model, current_version

NOW = datetime(2026, 6, 1, tzinfo=UTC)
#: No word list and no corpus has these.
BAD_WORDS, GOOD_WORDS = ("뿌룽", "쨔굼", "끄묵", "뗘붓"), ("샤묘", "랴낭", "뮤솜", "햐릉")
THINGS = ("주전자", "선풍기", "이불", "의자", "가방", "냄비", "커튼", "책상", "우산", "시계")


def written(number: int, *, pleased: bool) -> str:
    words = GOOD_WORDS if pleased else BAD_WORDS
    return f"{THINGS[number % 10]} {number}호 써 보니 {words[number % 7 % 4]}하네요"


def store(settings: Settings, count: int) -> None:
    """Store rated reviews of two products; the stars go with a word that nobody knows."""
    for product in ("a", "b"):
        open_analysis(settings.mongo, f"task-{product}", product)
        job = claim_crawl(settings.mongo, f"task-{product}", "crawler", 30)
        assert job is not None
        reviews = tuple(
            build_review(
                review_id=f"r{number}",
                text=written(2 * number + (product == "b"), pleased=number % 2 == 0),
                rating=(5.0, 1.0, 4.0, 2.0)[number % 4],
                created_at=NOW,
                now=NOW,
            )
            for number in range(count)
        )
        commit_batch(settings.mongo, job, SourceBatch(reviews, cursor={}, done=True))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.adaptation.remodelling.PULLS", (1.0,))


def test_told_then_applied_then_taken_back(settings: Settings, quick: None, tmp_path: Path) -> None:
    few = adapt_analyzer()
    assert (few["outcome"], few["model"]) == ("too_few", None)
    store(settings, 700)
    told = adapt_analyzer()
    assert (told["outcome"], told["dry_run"]) == ("better", True), told["why"]
    assert told["reviews"]["products"] == 2
    assert told["held_back"]["after"]["accuracy"] > 0.9 > told["held_back"]["before"]["accuracy"]
    models = database_for(settings.mongo)[ANALYZER_MODELS]
    assert (models.count_documents({}), current_model()) == (0, None)
    # Accepted and laid out under the shipped model, worked off after the promotion.
    path = tmp_path / "few.jsonl"
    rows = [{"id": n, "text": "주전자 써 보니 뿌룽하네요", "rating": 1} for n in range(3)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    shipped = current_version()
    before = intake_request(str(path))

    done = adapt_analyzer(dry_run=False)
    assert (done["outcome"], done["model"]) == ("promoted", told["model"])
    assert current_model() == told["model"]
    assert current_version() != shipped
    again = adapt_analyzer(dry_run=False)
    assert (again["outcome"], again["model"]) == ("unchanged", told["model"])
    assert models.count_documents({}) == 1
    kept = models.find_one({}) or {}
    assert kept["trained_on"]["from"] == kept["trained_on"]["to"] == NOW

    analyze_product(task_id=before)
    assert get_result(settings.postgres, before)["analyzer_version"] == shipped
    after = analyze_product(location=str(path), idempotency_key="after")["task_id"]
    assert get_result(settings.postgres, after)["analyzer_version"] == current_version()
    polarities = [
        [row["polarity"] for row in outcomes(settings.mongo, task)] for task in (before, after)
    ]
    assert max(polarities[1]) < -0.2 < min(polarities[0])

    said = cards("adapt", "--back", "--json").document
    assert said == {"in_force": None, "before": told["model"]}
    assert return_to_shipped() is None
    assert current_version() == shipped


def test_a_model_that_is_gone_fails_the_analysis_before_any_card(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "배송이 빨라요", "rating": 5}), encoding="utf-8")
    task_id = intake_request(str(path))
    sessions = database_for(settings.mongo)[SESSIONS]
    sessions.update_one({"_id": task_id}, {"$set": {"model": "12345678"}})
    with pytest.raises(AnalyzerModelUnusable, match="not in the store"):
        analyze_product(task_id=task_id)
    assert list(outcomes(settings.mongo, task_id)) == []
    assert get_request(settings.postgres, task_id).error_code == "analyzer_model_unusable"


def test_doubted_reviews_and_texts_said_twice_teach_nothing(settings: Settings) -> None:
    store(settings, 20)
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    raw.update_one({"_id": "a:r0"}, {"$set": {"text": written(1, pleased=True)}})
    raw.update_one({"_id": "b:r3"}, {"$set": {"text": "素晴らしい製品です"}})
    steps: list[str] = []
    chosen, counts = rated_examples.choose_reviews(settings, steps.append)
    assert counts == {"seen": 40, "not_read": 1, "said_before": 1}
    assert len(chosen) == 38
    raw.update_one({"_id": chosen[0].stored_id}, {"$set": {"text": "나중에 고친 글이에요"}})
    read = rated_examples.read_examples(settings, chosen, steps.append)
    assert len(read.examples) == 37
    assert len(read.training) == read.learnt
    assert all(text_key("x") != each.key for each in chosen)
