"""Task ids as a person types them."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.task_ids import MIN_PREFIX, match, short
from domain.errors import InvalidRequest, RequestNotFound

FIRST = "3f2a91c0-0000-4000-8000-000000000001"
SECOND = "3f2a91c0-ffff-4000-8000-000000000002"
THIRD = "77777777-0000-4000-8000-000000000003"
KNOWN = [THIRD, FIRST, SECOND]

uuids = st.uuids().map(str)


def test_latest_is_the_first_of_the_list() -> None:
    assert match("latest", KNOWN) == THIRD
    assert match(" LATEST ", KNOWN) == THIRD


def test_latest_of_nothing_is_not_found() -> None:
    with pytest.raises(RequestNotFound, match="no analysis yet"):
        match("latest", [])


@pytest.mark.parametrize("typed", ["7777", "77777777", THIRD, THIRD.upper()])
def test_a_unique_beginning_is_enough(typed: str) -> None:
    assert match(typed, KNOWN) == THIRD


def test_an_ambiguous_beginning_names_the_candidates() -> None:
    with pytest.raises(InvalidRequest, match="2 analyses begin with 3f2a91c0"):
        match("3f2a91c0", KNOWN)


@pytest.mark.parametrize("typed", ["", "777", "hello", "77 77", "latest!", "[red]7777"])
def test_what_is_no_beginning_is_refused(typed: str) -> None:
    with pytest.raises(InvalidRequest):
        match(typed, KNOWN)


def test_an_unknown_beginning_is_not_found() -> None:
    with pytest.raises(RequestNotFound):
        match("abcd", KNOWN)


@given(st.lists(uuids, min_size=1, max_size=30, unique=True), st.data())
def test_a_beginning_finds_its_own_or_says_why_not(known: list[str], data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from(known))
    typed = meant[: data.draw(st.integers(MIN_PREFIX, len(meant)))]
    others = [task_id for task_id in known if task_id.startswith(typed) and task_id != meant]
    if others:
        with pytest.raises(InvalidRequest):
            match(typed, known)
    else:
        assert match(typed, known) == meant


@given(st.text(max_size=40).filter(lambda text: text.strip().lower() != "latest"))
def test_any_text_of_no_analysis_gives_a_named_error(typed: str) -> None:
    with pytest.raises((InvalidRequest, RequestNotFound)) as raised:
        match(typed, ["00000000-0000-4000-8000-000000000000"] if "0" not in typed else [])
    assert raised.value.line


@given(uuids)
def test_the_short_form_can_be_typed_back(task_id: str) -> None:
    assert match(short(task_id), [task_id]) == task_id
    assert UUID(task_id)
