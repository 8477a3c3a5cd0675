"""Cards made anew by another version of the analyzer: beside the old ones, swapped at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import flow_runs
import pytest
from rich.console import Console
from typer.testing import CliRunner
from whole_analysis import work_through

from cli.main import app
from cli.products import task_named
from cli.result_view import draw_result
from domain.errors import ProductBusy, ReanalysisIncomplete
from domain.requests import RequestStatus
from flows.analysis import analyze_product
from reports.files import report_name
from settings import Settings, get_settings
from sources.base import SourceSpec
from storage.mongo.card_jobs import chunk_counts
from storage.mongo.client import database_for
from storage.mongo.collections import RAW_REVIEWS
from storage.mongo.crawl_jobs import crawl_state
from storage.mongo.emotion_cards import outcomes
from storage.postgres.acceptance import find_by_key
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisResult
from storage.postgres.requests import get_request, recent_requests
from storage.postgres.results import current_task, get_result
from storage.redis.caches import cached_analysis
from tasks.analyzers import analyzer
from tasks.documents import current_document, result_document
from tasks.intake import accept
from tasks.invariants import check_analysis
from tasks.reanalysis import accept_reanalysis, products_to_reanalyze
from tasks.stored_reviews import StoredReviews

SAID = ["배송이 빨라 좋아요", "소음이 커요", "흡입구가 약해요", "", "좋아요 010-2345-6789", "굿!"]


@pytest.fixture(autouse=True)
def no_keywords(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the keywords away: they come behind a result, and change nothing of it."""
    monkeypatch.setenv("EC_ANALYSIS__KEYWORD_REVIEWS", "0")
    get_settings.cache_clear()


def reviews_file(folder: Path, count: int, name: str = "reviews.jsonl") -> str:
    rows: list[dict[str, Any]] = [
        {"id": f"r{n}", "text": SAID[n % len(SAID)] and f"{SAID[n % len(SAID)]} {n}", "rating": 4}
        for n in range(count)
    ]
    rows[7]["rating"] = "eleven"
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def analyse(settings: Settings, location: str, **words: Any) -> str:
    spec = SourceSpec(location, **words).to_state()
    return work_through(settings, accept.fn(spec, None, str(uuid4())).task_id)


def switch_version(monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """Put other aspect terms in force; return the version they make."""
    before = analyzer().version
    terms = folder / "terms.toml"
    terms.write_text('[terms]\nperformance = ["흡입구", "소음"]\n', encoding="utf-8")
    monkeypatch.setenv("EC_ANALYSIS__ASPECTS_FILE", str(terms))
    get_settings.cache_clear()
    assert analyzer().version != before
    return analyzer().version


def stored(settings: Settings) -> list[dict[str, Any]]:
    """Return the raw reviews without what says to which analysis they belong."""
    return list(database_for(settings.mongo)[RAW_REVIEWS].find({}, {"scope": 0}).sort("_id", 1))


def all_hold(settings: Settings, task_id: str) -> None:
    findings = check_analysis(settings, task_id)
    assert [each.detail for each in findings if not each.ok] == []
    assert [each.invariant for each in findings] == [1, 2, 3, 4]


@contextmanager
def read_on_and_on(settings: Settings, product_id: str) -> Iterator[list[dict[str, Any]]]:
    """Read the product's result, again and again, while the block runs."""
    reads: list[dict[str, Any]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.01):
            found = current_document(settings, product_id)
            # Kept where it is another than before: hundreds are alike.
            if not reads or found != reads[-1]:
                reads.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield reads
    finally:
        stop.set()
        reader.join()


def test_cards_are_made_anew_beside_the_old_and_swapped_at_once(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = reviews_file(tmp_path, 400)
    old = analyse(settings, location, max_reviews=390)
    other, faulty = (analyse(settings, reviews_file(tmp_path, 9, name)) for name in ("b", "c"))
    was, *others = (get_result(settings.postgres, each) for each in (old, other, faulty))
    product_id, lost_one, faulty_one = was["product_id"], *(each["product_id"] for each in others)
    before, reviews = list(outcomes(settings.mongo, old)), stored(settings)
    version = switch_version(monkeypatch, tmp_path)
    # No source is read again; one product has lost a review, and one meets a fault of ours.
    Path(location).unlink()
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    lost = raw.find_one_and_delete({"product_id": lost_one, "review_id": "r3"})
    break_coverage(settings, faulty)

    with read_on_and_on(settings, product_id) as reads:
        # The command without a process of its own: the flow has one.
        ran = CliRunner().invoke(app, ["reanalyze", "--all", "--json"])
    assert isinstance(ran.exception, ReanalysisIncomplete), ran.exception
    failed = {lost_one: "invariant_broken", faulty_one: "fault"}
    assert ran.exception.line.startswith("2 of 3 products are as they were: ")
    assert [f"{each} ({code})" in ran.exception.line for each, code in failed.items()] == [True] * 2
    assert current_task(settings.postgres, lost_one) == other
    assert list(products_to_reanalyze(force=False)) == sorted(failed)

    new = str(current_task(settings.postgres, product_id))
    result = get_result(settings.postgres, new)
    # Wholly the old one, then wholly the new one: nothing between, and never back.
    assert [each["task_id"] for each in reads] == [old, new]
    assert [each["numbers"] for each in reads] == [was["numbers"], result["numbers"]]
    assert [each["status"] for each in reads] == ["partial", "partial"]
    cached = cached_analysis(settings.redis, product_id)
    assert cached is not None
    assert cached["task_id"] == new

    made = list(outcomes(settings.mongo, new))
    assert {row["analyzer_version"] for row in made} == {result["analyzer_version"]} == {version}
    assert [row["review_id"] for row in made] == [row["review_id"] for row in before]
    assert list(outcomes(settings.mongo, old)) == before
    assert get_result(settings.postgres, old) == was
    assert lost is not None
    raw.insert_one(lost)
    assert stored(settings) == reviews
    flags = result["numbers"]["flags"]
    assert flags["pii_masked"] == was["numbers"]["flags"]["pii_masked"] > 0
    named = {row["aspect"]: row["mentions"] for row in result["numbers"]["aspects"]}
    assert named["performance"] > 0
    assert {**result["coverage"], "reanalysis_of": None} == was["coverage"]
    assert result["coverage"]["reanalysis_of"] == old
    assert was["coverage"]["stopped_by"] == "max_reviews"
    for task_id in (old, new):
        all_hold(settings, task_id)
    told_by_whoever_shows_it(settings, new, f"Re-analysis of {old} with version {version}")

    # In this process: a flow is not even started.
    again = CliRunner().invoke(app, ["reanalyze", location, "--json"])
    told = json.loads(again.stdout)
    assert (again.exit_code, told["task_id"], told["made_anew"]) == (4, new, False)
    assert {task_named(settings, each) for each in (product_id, location, new[:8])} == {new}
    assert len(recent_requests(settings.postgres)) == 6


def break_coverage(settings: Settings, task_id: str) -> None:
    """Leave a result behind that no release writes."""
    with unit_of_work(settings.postgres) as session:
        row = session.get_one(AnalysisResult, UUID(task_id))
        row.coverage = {"declared": row.coverage["declared"]}


def told_by_whoever_shows_it(settings: Settings, task_id: str, words: str) -> None:
    """Look for the words in the terminal's view and in the report."""
    console = Console(width=300)
    with console.capture() as drawn:
        console.print(draw_result(result_document(settings, task_id)))
    assert words in drawn.get()
    assert words in (settings.reports_dir / report_name(task_id)).read_text(encoding="utf-8")


def test_a_killed_re_analysis_goes_on_to_the_same_numbers(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = reviews_file(tmp_path, 600)
    monkeypatch.setenv("EC_QUEUE__CHUNK_REVIEWS", "40")
    get_settings.cache_clear()
    base = analyse(settings, location)
    product_id = get_request(settings.postgres, base).product_id
    switch_version(monkeypatch, tmp_path)
    asked = accept_reanalysis.fn(product_id, force=False, idempotency_key=None, run_id="a run")
    undisturbed = get_result(settings.postgres, work_through(settings, asked.task_id))
    monkeypatch.setenv("EC_CRAWL__BATCH_ROWS", "3")
    get_settings.cache_clear()
    every_cut_gives_the_rest(get_settings(), product_id, base)

    killed = flow_runs.start("reanalyze", product=location, force=True, idempotency_key="k")
    task_id = str(flow_runs.wait_for(lambda: find_by_key(settings.postgres, "k")))

    def half_way() -> bool:
        crawl = crawl_state(settings.mongo, task_id)
        cards_made = chunk_counts(settings.mongo, task_id).cards
        return crawl is not None and not crawl.ended and crawl.collected > 100 and cards_made > 0

    assert flow_runs.seen(killed, half_way)
    flow_runs.kill(killed)
    assert get_request(settings.postgres, task_id).status is RequestStatus.CRAWLING
    assert current_task(settings.postgres, product_id) == undisturbed["task_id"]
    with pytest.raises(ProductBusy, match=f"stored reviews, by analysis {task_id}"):
        accept.fn(SourceSpec(location).to_state(), None, "another run")
    monkeypatch.delenv("EC_CRAWL__BATCH_ROWS")
    get_settings.cache_clear()
    assert analyze_product(task_id=task_id) == {"task_id": task_id, "status": "completed"}
    resumed = get_result(settings.postgres, task_id)
    assert (resumed["numbers"], resumed["coverage"]) == (
        undisturbed["numbers"],
        undisturbed["coverage"],
    )
    for each in (base, undisturbed["task_id"], task_id):
        all_hold(settings, each)


def every_cut_gives_the_rest(settings: Settings, product_id: str, base: str) -> None:
    """Read the stored reviews whole, and again from behind each batch."""
    source = StoredReviews(settings, product_id, base)
    batches = list(source.batches(None))
    assert [batch.done for batch in batches] == [False] * (len(batches) - 1) + [True]
    read = [review.review_id for batch in batches for review in batch.reviews]
    assert len(read) == len(set(read)) == source.expected_reviews() == 599
    for number in (0, 1, 13, len(batches) - 2):
        rest = list(source.batches(batches[number].cursor))
        assert rest == batches[number + 1 :]
