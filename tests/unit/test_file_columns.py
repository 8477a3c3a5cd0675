"""Which column holds what."""

from __future__ import annotations

import unicodedata

import pytest

from domain.errors import ColumnMissing, InvalidRequest
from sources.columns import map_columns


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["id", "text", "rating"], {"review_id": "id", "text": "text", "rating": "rating"}),
        (
            ["ID", "Review_Text", "Stars"],
            {"review_id": "ID", "text": "Review_Text", "rating": "Stars"},
        ),
        (["id", "document", "label"], {"review_id": "id", "text": "document"}),
        (
            ["리뷰번호", "내용", "평점", "작성일"],
            {"review_id": "리뷰번호", "text": "내용", "rating": "평점", "created_at": "작성일"},
        ),
        (
            ["review id", "reviewBody", "별점", "created-at"],
            {
                "review_id": "review id",
                "text": "reviewBody",
                "rating": "별점",
                "created_at": "created-at",
            },
        ),
        # A review's own number beats any id, and "text" beats "review".
        (["id", "review", "review_id", "text"], {"review_id": "review_id", "text": "text"}),
    ],
)
def test_names_people_give_are_recognised(header: list[str], expected: dict[str, str]) -> None:
    assert map_columns(header, None, file_name="f.csv") == expected


def test_decomposed_hangul_is_the_same_name() -> None:
    header = [unicodedata.normalize("NFD", "리뷰내용")]
    assert map_columns(header, None, file_name="f.csv") == {"text": header[0]}


def test_a_name_with_hidden_characters_is_not_guessed_at() -> None:
    with pytest.raises(ColumnMissing, match="te"):
        map_columns(["te\x00xt", "bo\ud800dy"], None, file_name="f.csv")


def test_wanted_columns_come_first_and_are_not_used_twice() -> None:
    mapped = map_columns(["id", "content", "text"], {"review_id": "text"}, file_name="f.csv")
    assert mapped == {"review_id": "text", "text": "content"}


def test_a_field_can_be_left_out() -> None:
    assert map_columns(["text", "score"], {"rating": ""}, file_name="f.csv") == {"text": "text"}


def test_no_text_column_names_the_columns_and_the_way_out() -> None:
    with pytest.raises(ColumnMissing) as caught:
        map_columns(["foo", "bar"], None, file_name="f.csv")
    assert "'foo', 'bar'" in caught.value.line
    assert "--column text=COLUMN" in caught.value.line


def test_a_listing_of_columns_is_short() -> None:
    with pytest.raises(ColumnMissing) as caught:
        map_columns([f"column {n}" * 50 for n in range(500)], None, file_name="f.csv")
    assert "and 480 more" in caught.value.line
    assert len(caught.value.line) < 1200


def test_a_wanted_column_that_is_absent_is_named() -> None:
    with pytest.raises(ColumnMissing, match=r"no column 'stars'.*'text'"):
        map_columns(["text"], {"rating": "stars"}, file_name="f.csv")


def test_a_column_that_is_there_twice_is_not_guessed_at() -> None:
    with pytest.raises(ColumnMissing, match="'text' more than once"):
        map_columns(["text", "text"], None, file_name="f.csv")


def test_a_field_reviews_do_not_have_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="'colour'"):
        map_columns(["text"], {"colour": "text"}, file_name="f.csv")
