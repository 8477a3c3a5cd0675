"""What a request asks for: one form, and the differences of two."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.specs import Difference, canonical, differences, told_as_change, told_as_choice

WORDS = st.fixed_dictionaries(
    {},
    optional={
        "location": st.text(max_size=20),
        "columns": st.none() | st.dictionaries(st.sampled_from(["text", "rating"]), st.text()),
        "rating_max": st.none() | st.floats(1, 1000),
        "encoding": st.none() | st.sampled_from(["", "cp949", "UTF-8", "nonsense"]) | st.text(),
        "max_reviews": st.none() | st.integers(1, 10**9),
        "of_a_later_release": st.none() | st.booleans(),
    },
)


@given(WORDS)
def test_one_form_stays_as_it_is_and_differs_from_nothing(words: dict[str, Any]) -> None:
    once = canonical(words)
    assert canonical(once) == once
    assert differences(words, once) == ()


@given(WORDS, WORDS)
def test_differences_are_seen_from_both_sides(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = differences(one, other), differences(other, one)
    assert [(each.field, each.asked, each.present) for each in there] == [
        (each.field, each.present, each.asked) for each in back
    ]
    assert bool(there) == (
        {name: value for name, value in canonical(one).items() if value is not None}
        != {name: value for name, value in canonical(other).items() if value is not None}
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"location": " /a.csv "}, {"location": "/a.csv"}),
        ({"columns": {}}, {"columns": None}),
        ({"columns": {"text": "a", "rating": ""}}, {"columns": {"rating": "", "text": "a"}}),
        ({"rating_max": 5}, {"rating_max": 5.0}),
        ({"encoding": "EUC-KR"}, {"encoding": "euc_kr"}),
        ({"encoding": ""}, {}),
    ],
)
def test_the_same_in_other_words_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert differences(one, other) == ()


def test_a_field_that_is_not_to_be_read_is_not_one_to_be_found_out() -> None:
    assert differences({"columns": {"rating": ""}}, {"columns": None})


def test_a_field_of_a_later_release_counts() -> None:
    found = differences({"max_reviews": 1}, {"max_reviews": 2, "worst": 0, "again": 1})
    assert [each.field for each in found] == ["max_reviews", "again", "worst"]


def test_differences_are_told_in_words() -> None:
    found = differences(
        {"max_reviews": 10, "columns": {"text": "내용", "rating": ""}, "rating_max": 5.0},
        {"encoding": "cp949"},
    )
    assert told_as_change(found) == (
        "columns was {rating: , text: 내용}, now unset; rating_max was 5, now unset; "
        "encoding was unset, now cp949; max_reviews was 10, now unset"
    )
    assert told_as_choice(found[-1:]) == "max_reviews=10, not unset"
    assert Difference("a", 1, None).to_state() == {"field": "a", "present": 1, "asked": None}


def test_a_long_value_is_cut() -> None:
    assert len(told_as_change(differences({"location": "x" * 5000}, {"location": "y"}))) < 300
