"""Idempotency keys and shared requests: what was asked under a key stays with it."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from requesting import accept, events, spec
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from domain.errors import InvalidRequest, StoreRejected
from domain.requests import RequestStatus
from domain.specs import Difference
from settings import Settings
from storage.postgres.acceptance import (
    Acceptance,
    accept_request,
    drop_run_key,
    find_by_key,
    known_under,
)
from storage.postgres.engine import unit_of_work
from storage.postgres.products import product_id_for
from storage.postgres.requests import get_request, move_request
from storage.postgres.schema import downgrade, upgrade


def test_the_same_key_gives_the_same_request(settings: Settings) -> None:
    first = accept(settings, key="k1")
    again = accept(settings, key="k1")
    assert (first.task_id, first.created, again.created) == (again.task_id, True, False)
    assert events(settings) == ["requested"]


def test_a_key_stays_with_its_location(settings: Settings) -> None:
    accept(settings, key="k1")
    other = spec("https://shop/2")
    with pytest.raises(InvalidRequest, match=r"belongs.*location was https://shop/1, now"):
        accept(settings, location="https://shop/2", key="k1")
    with pytest.raises(InvalidRequest, match="belongs"):
        known_under(settings.postgres, "k1", other)
    assert known_under(settings.postgres, "k2", other) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"max_reviews": 30}, "max_reviews was 10, now 30"),
        ({"max_reviews": None}, "max_reviews was 10, now unset"),
        ({"rating_max": 10.0}, "rating_max was 5, now 10"),
        ({"encoding": "utf-8"}, "encoding was cp949, now utf-8"),
        ({"columns": {"text": "b"}}, "columns was {text: a}, now {text: b}"),
        ({"columns": None, "encoding": None}, "columns was {text: a}, now unset; encoding was"),
    ],
)
def test_a_key_stays_with_all_that_was_asked(
    settings: Settings, words: dict[str, Any], told: str
) -> None:
    first = {"columns": {"text": "a"}, "rating_max": 5.0, "encoding": "cp949", "max_reviews": 10}
    made = accept(settings, key="k1", **first)
    with pytest.raises(InvalidRequest) as caught:
        accept(settings, key="k1", **first | words)
    assert told in caught.value.line
    with pytest.raises(InvalidRequest):
        known_under(settings.postgres, "k1", spec(**first | words))
    # The key alone, and the same words in another spelling, find it as ever, at its end too.
    move_request(settings.postgres, made.task_id, RequestStatus.CANCELLED)
    assert find_by_key(settings.postgres, "k1") == made.task_id
    assert accept(settings, key="k1", **first | {"encoding": "CP949", "rating_max": 5}) == (
        Acceptance(made.task_id, made.product_id, created=False)
    )
    assert events(settings) == ["requested", "cancelled"]


def test_who_joins_is_told_in_what_the_request_under_way_differs(settings: Settings) -> None:
    first = accept(settings, key="k1", max_reviews=10)
    same = accept(settings, key="k2", max_reviews=10)
    assert (same.task_id, same.differences) == (first.task_id, ())
    for key in ("k3", None):
        other = accept(settings, key=key, rating_max=5.0)
        assert (other.task_id, other.created) == (first.task_id, False)
        assert other.differences == (
            Difference("rating_max", None, 5.0),
            Difference("max_reviews", 10, None),
        )
    # Its own key is for its own words, and goes on telling that it was given another's request.
    again = accept(settings, key="k3", rating_max=5.0)
    assert again == known_under(settings.postgres, "k3", spec(rating_max=5.0))
    assert [each.field for each in again.differences] == ["rating_max", "max_reviews"]
    with pytest.raises(InvalidRequest, match="max_reviews was unset, now 10"):
        accept(settings, key="k3", rating_max=5.0, max_reviews=10)
    assert get_request(settings.postgres, first.task_id).spec["max_reviews"] == 10


def test_an_address_spelt_otherwise_is_no_difference_to_who_joins(settings: Settings) -> None:
    first = accept(settings)
    other = accept_request(
        settings.postgres,
        source="shop",
        external_key="https://shop/1",
        name="이어폰",
        spec=spec("https://shop/1?utm_source=mail"),
        idempotency_key=None,
    )
    assert (other.task_id, other.differences) == (first.task_id, ())


def test_two_callers_of_one_key_with_other_words_do_not_both_get_their_way(
    settings: Settings,
) -> None:
    gate = threading.Barrier(8)

    def call(number: int) -> str:
        gate.wait()
        try:
            return accept(settings, key="k1", max_reviews=1 + number % 2).task_id
        except InvalidRequest:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert answers.count("refused") == 4
    assert len(set(answers)) == 2


def test_a_product_under_analysis_is_shared(settings: Settings) -> None:
    first = accept(settings, key="k1")
    second = accept(settings, key="k2")
    assert second.task_id == first.task_id
    move_request(settings.postgres, first.task_id, RequestStatus.CANCELLED)
    third = accept(settings, key="k3")
    assert third.task_id != first.task_id
    assert accept(settings, key="k2").task_id == first.task_id


@pytest.mark.parametrize("keys", [("k1", "k2"), ("same", "same"), (None, None), ("k1", None)])
def test_the_last_run_of_a_request_has_it_to_itself(
    settings: Settings, keys: tuple[str | None, str | None]
) -> None:
    task_id = accept(settings, key=keys[0], run_id="r1").task_id
    accept(settings, key=keys[1], run_id="r2")
    # A retry of a run is the same run.
    assert accept(settings, key=keys[1], run_id="r2").task_id == task_id
    assert drop_run_key(settings.postgres, "r1") is None
    assert drop_run_key(settings.postgres, "r2") == task_id
    assert drop_run_key(settings.postgres, "r2") == task_id
    assert drop_run_key(settings.postgres, "r1") is None
    assert drop_run_key(settings.postgres, "never-asked") is None
    # The keys that callers gave stay, for ever.
    assert {find_by_key(settings.postgres, key) for key in keys if key} <= {task_id}
    assert find_by_key(settings.postgres, "flow-run:r2") == task_id


def test_a_run_without_a_key_finds_its_own_request_again(settings: Settings) -> None:
    made = accept(settings, run_id="r1")
    move_request(settings.postgres, made.task_id, RequestStatus.CANCELLED)
    again = accept(settings, run_id="r1")
    assert (again.task_id, again.created) == (made.task_id, False)
    assert accept(settings, run_id="r2").task_id != made.task_id


def test_tables_of_the_release_before_are_told_as_such(settings: Settings) -> None:
    downgrade(settings.postgres, "0001")
    with pytest.raises(StoreRejected, match=r"older release; `cards up` brings them up to date"):
        accept(settings, key="k1")
    upgrade(settings.postgres)
    assert accept(settings, key="k1").created


def test_forty_callers_at_once_share_one_request(settings: Settings) -> None:
    gate = threading.Barrier(8)

    def call(number: int) -> str:
        if number < 8:
            gate.wait()
        return str(accept(settings, key=f"k{number % 5}").task_id)

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(call, range(40)))
    assert len(ids) == 1
    assert events(settings) == ["requested"]


FIRST_RELEASE = """
WITH product AS (
    INSERT INTO products (id, source, external_key, name)
    VALUES (:product, 'shop', :location, '이어폰') RETURNING id
), request AS (
    INSERT INTO analysis_requests (id, product_id, spec)
    SELECT :task, id, :spec FROM product RETURNING id
)
INSERT INTO request_keys (idempotency_key, request_id, location, created_at)
SELECT 'made', id, :location, now() FROM request
UNION ALL SELECT 'shared', id, :location, now() + interval '1 s' FROM request
"""


def rows_of_the_first_release(settings: Settings) -> str:
    """Write a request with the key that made it, and one that shared it later."""
    task, location = uuid.uuid4(), "https://shop/1"
    values = {
        "task": task,
        "product": product_id_for("shop", location),
        "location": location,
        "spec": spec(location, max_reviews=10),
    }
    statement = text(FIRST_RELEASE).bindparams(bindparam("spec", type_=JSONB))
    with unit_of_work(settings.postgres) as session:
        session.execute(statement, values)
    return str(task)


def keys_of(settings: Settings) -> dict[str, str]:
    with unit_of_work(settings.postgres) as session:
        rows = session.execute(text("SELECT idempotency_key, location FROM request_keys"))
        return {row.idempotency_key: row.location for row in rows}


def test_keys_of_the_first_release_live_on(settings: Settings) -> None:
    downgrade(settings.postgres, "base")
    upgrade(settings.postgres, "0001")
    task_id = rows_of_the_first_release(settings)
    upgrade(settings.postgres)

    # What the maker of the request asked for is known: it is what the request has.
    assert accept(settings, key="made", max_reviews=10).task_id == task_id
    with pytest.raises(InvalidRequest, match="max_reviews was 10, now unset"):
        accept(settings, key="made")
    # Of the other nothing but the location is: any words find it, another place does not.
    shared = accept(settings, key="shared", max_reviews=99)
    assert (shared.task_id, shared.differences) == (task_id, ())
    with pytest.raises(InvalidRequest, match="location was"):
        accept(settings, location="https://shop/2", key="shared")
    assert accept(settings, key="new", max_reviews=3).differences[0].present == 10

    downgrade(settings.postgres, "0001")
    everybody = ("made", "shared", "new")
    assert keys_of(settings) == dict.fromkeys(everybody, "https://shop/1")
    upgrade(settings.postgres)
    for key in everybody:
        assert find_by_key(settings.postgres, key) == task_id
