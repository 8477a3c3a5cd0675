"""The whole adaptation on real stores: told first, then put in force, then the way back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner
from whole_analysis import work_through

from cli.main import app
from domain.adaptation.features import Examples
from domain.adaptation.remodelling import Candidate, adapt
from domain.adaptation.selection import text_key
from domain.analysis import ModelAnalyzer
from domain.analysis.model import Model, shipped_model
from domain.cards import Card, Reading, ReviewText
from domain.coverage import Coverage
from domain.errors import AnalyzerModelUnusable
from domain.requests import RequestStatus
from domain.results import build_numbers
from domain.reviews import Review, SourceBatch, build_review
from domain.tally import Tally
from flows.adaptation import adapt_analyzer
from flows.analysis import analyze_product
from flows.intake import intake_request
from settings import Settings
from sources.base import SourceSpec
from storage.mongo.analyzer_models import AdaptedModel, promote, save_candidate
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYZER_MODELS, EMOTION_CARDS, RAW_REVIEWS, SESSIONS
from storage.mongo.crawl_jobs import claim_crawl, commit_batch, open_analysis
from storage.mongo.emotion_cards import card_document, outcomes
from storage.postgres.acceptance import accept_request
from storage.postgres.requests import get_request, move_request
from storage.postgres.results import get_result, save_result
from tasks import rated_examples
from tasks.adaptation import adapt_to_reviews, return_to_shipped
from tasks.analyzers import current_model, current_version
from tasks.crawl import crawl_source
from tasks.intake import accept, lay_out
from tasks.reanalysis import accept_reanalysis

NOW = datetime(2026, 6, 1, tzinfo=UTC)
#: No word list and no corpus has these.
BAD_WORDS, GOOD_WORDS = ("뿌룽", "쨔굼", "끄묵", "뗘붓"), ("샤묘", "랴낭", "뮤솜", "햐릉")
THINGS = ("주전자", "선풍기", "이불", "의자", "가방", "냄비", "커튼", "책상", "우산", "시계")

OWN_WORDS = (
    "배송이 하루 만에 와서 좋았어요",
    "생각보다 조용하고 흡입력도 괜찮네요",
    "부모님 선물로 드렸는데 만족하십니다",
    "가격 대비 마감이 훌륭해서 하나 더 샀어요",
)
COPIED = "이 제품은 배송이 빠르고 포장이 꼼꼼하며 품질도 아주 훌륭해서 모두에게 강력히 추천합니다"


def written(number: int, *, pleased: bool) -> str:
    words = GOOD_WORDS if pleased else BAD_WORDS
    # A name in place of the number: texts that differ in numbers only are held back together.
    name = chr(ord("가") + 9 * number)
    return f"{THINGS[number % 10]} {name} 써 보니 {words[number % 7 % 4]}하네요"


def store(settings: Settings, count: int) -> dict[str, str]:
    """Store rated reviews of two products; the stars go with a word that nobody knows.

    Returns:
        The products' ids, by "a" and "b".
    """
    return {product: store_product(settings, count, product) for product in "ab"}


def store_product(settings: Settings, count: int, name: str) -> str:
    """Store an analysis that has ended: reviews, their cards, and a result."""
    asked = accept_request(
        settings.postgres,
        source="file",
        external_key=f"/{name}.jsonl",
        name=name,
        spec=SourceSpec(f"/{name}.jsonl").to_state(),
        idempotency_key=None,
    )
    open_analysis(settings.mongo, asked.task_id, asked.product_id)
    job = claim_crawl(settings.mongo, asked.task_id, "crawler", 30)
    assert job is not None
    reviews = tuple(
        build_review(
            review_id=f"r{number}",
            text=written(2 * number + (name == "b"), pleased=number % 2 == 0),
            rating=(5.0, 1.0, 4.0, 2.0)[number % 4],
            created_at=NOW,
            now=NOW,
        )
        for number in range(count)
    )
    commit_batch(settings.mongo, job, SourceBatch(reviews, cursor={}, done=True))
    store_cards(settings, asked.task_id, asked.product_id, reviews)
    for target in ("crawling", "analyzing", "finalizing"):
        move_request(settings.postgres, asked.task_id, RequestStatus(target))
    save_result(
        settings.postgres,
        task_id=asked.task_id,
        product_id=asked.product_id,
        status=RequestStatus.COMPLETED,
        analyzer_version="model-1",
        numbers=build_numbers(Tally()),
        coverage=Coverage(pages=1, collected=count).to_state(),
    )
    return asked.product_id


def store_cards(
    settings: Settings, task_id: str, product_id: str, reviews: tuple[Review, ...]
) -> None:
    (reading,) = ModelAnalyzer().analyze([ReviewText(reviews[0].text, None)])
    assert isinstance(reading, Reading)
    cards = [
        Card(
            task_id=task_id,
            product_id=product_id,
            review_id=review.review_id,
            content_hash=review.content_hash,
            rating=review.rating,
            reviewed_at=review.created_at,
            analyzer_version="model-1",
            reading=reading,
        )
        for review in reviews
    ]
    documents = [card_document(card, NOW) for card in cards]
    database_for(settings.mongo)[EMOTION_CARDS].insert_many(documents)


def put_unusable_in_force(settings: Settings) -> None:
    """Put in force what another release made: of its rules, and of the model that it had."""
    trained = {"reviews": 1, "products": 1, "from": None, "to": None}
    old = AdaptedModel("0" * 8, b"old", "ffffffff", "eeeeeeee", {}, trained, "an old run")
    save_candidate(settings.mongo, old)
    promote(settings.mongo, old.model_id, instead_of=None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try one pull, and fit the same examples once: they give the same model (unit tests)."""
    monkeypatch.setattr("domain.adaptation.remodelling.PULLS", (1.0,))
    fitted: dict[bytes, Candidate] = {}

    def once(base: Model, training: Examples, *others: Any) -> Candidate:
        seen = training.codes.tobytes() + training.positive.tobytes()
        if seen not in fitted:
            fitted[seen] = adapt(base, training, *others)
        return fitted[seen]

    monkeypatch.setattr("tasks.adaptation.adapt", once)


def test_told_then_applied_then_taken_back(settings: Settings, quick: None, tmp_path: Path) -> None:
    few = adapt_to_reviews.fn(dry_run=False, run_id="first")
    assert (few["outcome"], few["model"]) == ("too_few", None)
    store(settings, 560)
    told = adapt_to_reviews.fn(dry_run=True, run_id="second")
    assert (told["outcome"], told["dry_run"]) == ("better", True), told["why"]
    assert told["reviews"]["products"] == 2
    assert told["held_back"]["after"]["accuracy"] > 0.9 > told["held_back"]["before"]["accuracy"]
    assert told["judged_against"] == told["shipped"] == shipped_model()[1]
    models = database_for(settings.mongo)[ANALYZER_MODELS]
    assert (models.count_documents({}), current_model()) == (0, None)
    # Accepted and laid out under the shipped model, worked off after the promotion.
    path = tmp_path / "few.jsonl"
    rows = [{"id": n, "text": "주전자 써 보니 뿌룽하네요", "rating": 1} for n in range(3)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    shipped = current_version()
    spec = SourceSpec(str(path)).to_state()
    before = accept.fn(spec, None, str(uuid4())).task_id
    lay_out.fn(before)

    # An upgrade left a model in force that nothing can be made with: adapting is a way out.
    put_unusable_in_force(settings)
    done = adapt_analyzer(dry_run=False)
    assert (done["outcome"], done["model"]) == ("promoted", told["model"])
    assert (done["in_force"], done["judged_against"]) == ("0" * 8, done["shipped"])
    assert "eeeeeeee" in done["notes"][1]
    assert "ffffffff" in done["notes"][0]
    assert current_model() == told["model"]
    assert current_version() != shipped
    kept = models.find_one({"_id": told["model"]}) or {}
    assert kept["trained_on"]["from"] == kept["trained_on"]["to"] == NOW
    # The answer to the promotion was lost: the run comes again, and it is its own promotion.
    assert adapt_to_reviews.fn(dry_run=False, run_id=kept["made_by"]) == done
    again = adapt_to_reviews.fn(dry_run=False, run_id="another")
    assert (again["outcome"], again["model"]) == ("unchanged", told["model"])
    assert models.count_documents({}) == 2

    work_through(settings, before)
    assert get_result(settings.postgres, before)["analyzer_version"] == shipped
    after = work_through(settings, accept.fn(spec, "after", str(uuid4())).task_id)
    assert get_result(settings.postgres, after)["analyzer_version"] == current_version()
    polarities = [
        [row["polarity"] for row in outcomes(settings.mongo, task)] for task in (before, after)
    ]
    assert max(polarities[1]) < -0.2 < min(polarities[0])

    said = CliRunner().invoke(app, ["adapt", "--back", "--json"])
    assert json.loads(said.stdout) == {"in_force": None, "before": told["model"]}
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


def counted(settings: Settings) -> dict[str, int]:
    return rated_examples.choose_reviews(settings, lambda _step: None)[1]


def test_doubted_reviews_and_texts_said_twice_teach_nothing(settings: Settings) -> None:
    products = store(settings, 20)
    a, b = products["a"], products["b"]
    database = database_for(settings.mongo)
    raw, cards = database[RAW_REVIEWS], database[EMOTION_CARDS]
    raw.update_one({"_id": f"{a}:r0"}, {"$set": {"text": written(1, pleased=True)}})
    raw.update_one({"_id": f"{b}:r3"}, {"$set": {"text": "素晴らしい製品です"}})
    signal: dict[str, Any] = {"$set": {"signals": [{"kind": "copy", "group": "r1"}]}}
    cards.update_one({"product_id": b, "review_id": "r5"}, signal)
    chosen, counts = rated_examples.choose_reviews(settings, lambda _step: None)
    assert counts == {"seen": 40, "not_read": 1, "said_before": 1, "doubted": 1}
    assert len(chosen) == 37
    assert f"{b}:r5" not in {each.stored_id for each in chosen}
    raw.update_one({"_id": chosen[0].stored_id}, {"$set": {"text": "나중에 고친 글이에요"}})
    read = rated_examples.read_examples(settings, chosen, lambda _step: None)
    assert len(read.examples) == 36
    assert len(read.training) == read.learnt
    assert all(text_key("x") != each.key for each in chosen)


def test_only_reviews_that_were_weighed_as_they_stand_teach(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "copied.jsonl"
    texts = [*OWN_WORDS, *[COPIED] * 4]
    rows = [
        {"id": f"r{n}", "text": text, "rating": 1 if n == 0 else 5} for n, text in enumerate(texts)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first = accept.fn(SourceSpec(str(path)).to_state(), None, str(uuid4()))
    work_through(settings, first.task_id)
    assert counted(settings) == {"seen": 8, "doubted": 3}
    # Another analysis takes the reviews, and has no cards yet: what is known of them stays known.
    database, product = database_for(settings.mongo), first.product_id
    new = accept_reanalysis.fn(product, force=True, idempotency_key=None, run_id="x").task_id
    lay_out.fn(new)
    crawl_source.fn(new)
    assert database[RAW_REVIEWS].distinct("scope.task_id") == [new]
    assert counted(settings) == {"seen": 8, "doubted": 3}
    # Of one there is no card, one was edited since, and one is from before signals were looked for.
    database[EMOTION_CARDS].delete_one({"review_id": "r1"})
    database[RAW_REVIEWS].update_one({"review_id": "r2"}, {"$set": {"content_hash": "another"}})
    database[EMOTION_CARDS].update_one({"review_id": "r3"}, {"$unset": {"signals": ""}})
    assert counted(settings) == {"seen": 8, "doubted": 3, "not_weighed": 3}
