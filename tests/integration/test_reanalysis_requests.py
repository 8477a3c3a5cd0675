"""Requests for re-analyses: which base, shared or refused, and left by a cancelled run."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from prefect.client.schemas.objects import FlowRun
from requesting import accept

from domain.coverage import Coverage
from domain.errors import InvalidRequest, ProductBusy, RequestNotFound
from domain.requests import RequestStatus
from flows.reanalysis import cancel_parts_with_run, reanalyze
from settings import Settings
from storage.mongo.crawl_jobs import crawl_state, reading_of
from storage.postgres.acceptance import Acceptance, find_by_key, known_below, open_runs_below
from storage.postgres.requests import get_request, move_request
from storage.postgres.results import current_task, products_with_result, save_result
from tasks.analyzers import analyzer
from tasks.intake import lay_out
from tasks.products import find_product
from tasks.reanalysis import accept_reanalysis, products_to_reanalyze


def end(settings: Settings, accepted: Acceptance, version: str, coverage: Coverage) -> None:
    """End a request with a result, through all its states."""
    for step in (RequestStatus.CRAWLING, RequestStatus.ANALYZING, RequestStatus.FINALIZING):
        move_request(settings.postgres, accepted.task_id, step)
    save_result(
        settings.postgres,
        task_id=accepted.task_id,
        product_id=accepted.product_id,
        status=RequestStatus.PARTIAL,
        analyzer_version=version,
        numbers={},
        coverage=coverage.to_state(),
    )


def analysed(
    settings: Settings, location: str = "https://shop/1", version: str = "v"
) -> Acceptance:
    accepted = accept(settings, location)
    coverage = Coverage(declared=100, pages=4, collected=30, stopped_by="max_pages")
    coverage.refused["access_denied"] = 2
    end(settings, accepted, version, coverage)
    return accepted


def ask(product_id: str, key: str | None = None, *, force: bool = False) -> Acceptance:
    run_id = str(uuid.uuid4())
    return accept_reanalysis.fn(product_id, force=force, idempotency_key=key, run_id=run_id)


def test_it_takes_the_reviews_of_whoever_read_them_and_their_coverage(settings: Settings) -> None:
    base = analysed(settings)
    for _ in range(2):
        # The second is of a result that was made from stored reviews itself.
        again = ask(base.product_id)
        assert again.created
        for _ in range(2):
            lay_out.fn(again.task_id)
        state = crawl_state(settings.mongo, again.task_id)
        assert state is not None
        coverage = Coverage.from_state(state.coverage)
        assert (coverage.reanalysis_of, coverage.collected) == (base.task_id, 0)
        assert (coverage.declared, coverage.pages, coverage.stopped_by) == (100, 4, "max_pages")
        assert coverage.refused == {"access_denied": 2}
        assert reading_of(settings.mongo, again.task_id) == base.task_id
        coverage.collected = 30
        end(settings, again, "v", coverage)
        assert current_task(settings.postgres, base.product_id) == again.task_id


def test_what_the_version_in_force_has_made_is_the_answer(settings: Settings) -> None:
    base = analysed(settings, version=analyzer().version)
    asked = ask(base.product_id, "k")
    assert asked == Acceptance(base.task_id, base.product_id, created=False)
    assert find_by_key(settings.postgres, "k") == base.task_id
    forced = ask(base.product_id, force=True)
    assert forced.created
    # The key goes on to give what it gave, and belongs to a re-analysis.
    assert ask(base.product_id, "k", force=True).task_id == base.task_id
    with pytest.raises(InvalidRequest, match="stored was True, now unset"):
        accept(settings, key="k")


def test_two_at_once_are_one_and_a_reading_is_neither(settings: Settings) -> None:
    base = analysed(settings)
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda _: ask(base.product_id), range(4)))
    assert len({each.task_id for each in asked}) == 1
    assert sorted(each.created for each in asked) == [False, False, False, True]
    with pytest.raises(ProductBusy, match=f"stored reviews, by analysis {asked[0].task_id}"):
        accept(settings)
    move_request(settings.postgres, asked[0].task_id, RequestStatus.CANCELLED)
    reading = accept(settings)
    with pytest.raises(ProductBusy, match=f"read anew, by analysis {reading.task_id}"):
        ask(base.product_id, "k")
    assert find_by_key(settings.postgres, "k") is None
    assert current_task(settings.postgres, base.product_id) == base.task_id


def test_without_a_result_there_is_nothing_to_make_anew(settings: Settings) -> None:
    reading = accept(settings)
    with pytest.raises(RequestNotFound, match="no result yet"):
        ask(reading.product_id)
    with pytest.raises(RequestNotFound, match=r"nowhere\.csv: no product of this name"):
        find_product(settings, "nowhere.csv")
    assert find_product(settings, reading.task_id).product_id == reading.product_id
    assert find_product(settings, reading.product_id).external_key == "https://shop/1"
    assert list(products_to_reanalyze(force=True)) == []


def test_products_whose_result_another_version_made(settings: Settings) -> None:
    now = analyzer().version
    behind = [analysed(settings, f"https://shop/{n}").product_id for n in range(5)]
    mixed = analysed(settings, "https://shop/mixed", f"{now}, v").product_id
    present = analysed(settings, "https://shop/present", now).product_id
    end(settings, ask(present, force=True), now, Coverage(reanalysis_of=present))
    assert list(products_to_reanalyze(force=False)) == sorted([*behind, mixed])
    assert list(products_to_reanalyze(force=True)) == sorted([*behind, mixed, present])
    after = sorted(behind)[2]
    some = products_with_result(settings.postgres, but_version=now, after=after, limit=2)
    assert some == [each for each in sorted([*behind, mixed]) if each > after][:2]


def test_a_cancelled_run_leaves_the_product_that_it_is_at(settings: Settings) -> None:
    run = FlowRun(id=uuid.uuid4(), flow_id=uuid.uuid4(), parameters={"all_products": True})
    parts = [analysed(settings, f"https://shop/{n}").product_id for n in range(2)]
    asked = [
        accept_reanalysis.fn(
            each, force=False, idempotency_key=f"nightly:{each}", run_id=f"{run.id}:{each}"
        )
        for each in parts
    ]
    found = [each.task_id for each in asked]
    assert known_below(settings.postgres, "nightly", skip=0) == found
    assert known_below(settings.postgres, "nightly", skip=1) == found[1:]
    assert known_below(settings.postgres, "night", skip=0) == []
    end(settings, asked[0], "v", Coverage())
    assert open_runs_below(settings.postgres, str(run.id)) == [f"{run.id}:{parts[1]}"]
    cancel_parts_with_run(reanalyze, run, run.state)  # type: ignore[arg-type]
    ends = [get_request(settings.postgres, each.task_id).status for each in asked]
    assert ends == [RequestStatus.PARTIAL, RequestStatus.CANCELLED]
