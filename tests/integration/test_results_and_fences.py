"""What PostgreSQL itself keeps true of results, and of crawls that have passed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from requesting import accept, complete, events
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.errors import LeaseLost, RequestNotFound, StoreRejected
from domain.requests import RequestStatus
from domain.reviews import Price, ProductInfo
from settings import Settings
from storage.postgres.acceptance import Acceptance
from storage.postgres.engine import unit_of_work
from storage.postgres.products import describe_product, get_product, price_history
from storage.postgres.requests import get_request, move_request
from storage.postgres.results import get_result
from storage.postgres.schema import downgrade, upgrade

EARLY, LATE = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC)
INSERT = text(
    "INSERT INTO analysis_results "
    "(request_id, product_id, schema_version, analyzer_version, numbers, coverage) "
    "SELECT id, product_id, 1, 'v', '{}', '{}' FROM analysis_requests WHERE id = :id"
)
COMPLETE = text("UPDATE analysis_requests SET status = 'completed' WHERE id = :id")
FAIL = text("UPDATE analysis_requests SET status = 'failed', error_code = 'x' WHERE id = :id")
FORGET = text("DELETE FROM analysis_results WHERE request_id = :id")


def finalizing(settings: Settings, location: str = "https://shop/1") -> Acceptance:
    accepted = accept(settings, location)
    for target in ("crawling", "analyzing", "finalizing"):
        move_request(settings.postgres, accepted.task_id, RequestStatus(target))
    return accepted


def run(settings: Settings, task_id: str, *statements: object) -> None:
    with unit_of_work(settings.postgres) as session:
        for statement in statements:
            session.execute(statement, {"id": task_id})  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([COMPLETE], "completed without a result"),
        ([INSERT], "finalizing with a result"),
        ([INSERT, FAIL], "failed with a result"),
        ([COMPLETE, INSERT, FORGET], "completed without a result"),
    ],
)
def test_no_transaction_parts_a_result_from_its_request(
    settings: Settings, statements: list[object], words: str
) -> None:
    task_id = finalizing(settings).task_id
    with pytest.raises(StoreRejected, match=words):
        run(settings, task_id, *statements)
    assert get_request(settings.postgres, task_id).status is RequestStatus.FINALIZING
    with pytest.raises(RequestNotFound):
        get_result(settings.postgres, task_id)


def test_a_result_and_its_move_come_together_in_either_order(settings: Settings) -> None:
    first, second = (finalizing(settings, f"https://shop/{n}").task_id for n in range(2))
    run(settings, first, INSERT, COMPLETE)
    run(settings, second, COMPLETE, INSERT)
    for task_id in (first, second):
        assert get_result(settings.postgres, task_id)["task_id"] == task_id
        with pytest.raises(StoreRejected, match="without a result"):
            run(settings, task_id, FORGET)


def test_a_result_cannot_be_given_to_another_request(settings: Settings) -> None:
    done = finalizing(settings)
    assert complete(settings, done)
    other = finalizing(settings, "https://shop/2")
    move = text(
        f"UPDATE analysis_results SET request_id = '{other.task_id}' WHERE request_id = :id"
    )
    with pytest.raises(StoreRejected, match="with"):
        run(settings, done.task_id, move)


def test_the_migration_goes_back_and_forth(settings: Settings) -> None:
    done = finalizing(settings)
    assert complete(settings, done)
    downgrade(settings.postgres, "0002")
    bare = finalizing_of_before(settings)
    upgrade(settings.postgres)
    assert get_request(settings.postgres, done.task_id).has_result
    with pytest.raises(StoreRejected, match="without a result"):
        run(settings, bare, COMPLETE)


def finalizing_of_before(settings: Settings) -> str:
    """Make a request as the release before did: its table has no fence."""
    with unit_of_work(settings.postgres) as session:
        return _insert(session)


def _insert(session: Session) -> str:
    statement = text(
        "INSERT INTO analysis_requests (id, product_id, spec) "
        "SELECT gen_random_uuid(), id, '{}' FROM products RETURNING id"
    )
    task_id = str(session.scalar(statement))
    for target in ("crawling", "analyzing", "finalizing"):
        move = text("UPDATE analysis_requests SET status = :to WHERE id = :id")
        session.execute(move, {"to": target, "id": task_id})
    return task_id


def describer(settings: Settings, accepted: Acceptance) -> Callable[[str, int, datetime], None]:
    def describe(name: str, fence: int, moment: datetime) -> None:
        describe_product(
            settings.postgres,
            accepted.product_id,
            ProductInfo(name, price=Price("100", "KRW")),
            task_id=accepted.task_id,
            fence=fence,
            observed_at=moment,
        )

    return describe


def test_a_crawl_that_has_passed_on_describes_nothing(settings: Settings) -> None:
    accepted = accept(settings)
    describe = describer(settings, accepted)
    describe("새 이름", 2, EARLY)
    with pytest.raises(LeaseLost):
        describe("옛 이름", 1, LATE)
    describe("새 이름", 2, EARLY)
    assert get_product(settings.postgres, accepted.product_id).name == "새 이름"
    assert len(price_history(settings.postgres, accepted.product_id)) == 1
    assert events(settings) == ["requested", "changed", "price_seen"]


def test_a_crawl_of_an_ended_request_describes_nothing(settings: Settings) -> None:
    accepted = accept(settings)
    move_request(settings.postgres, accepted.task_id, RequestStatus.CANCELLED)
    with pytest.raises(LeaseLost):
        describer(settings, accepted)("늦은 이름", 5, LATE)
    assert get_product(settings.postgres, accepted.product_id).name == "이어폰"
    assert price_history(settings.postgres, accepted.product_id) == []
