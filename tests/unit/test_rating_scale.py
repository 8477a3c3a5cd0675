"""Which scale ratings are on: no stray moves the others, whatever the file's size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import Coverage
from domain.errors import InvalidRequest
from domain.rating_scale import (
    USUAL_SCALE,
    Origin,
    RatingScale,
    find_scale,
    given_scale,
    rating_number,
)
from domain.rejections import RecordRefused, RejectReason
from domain.reviews import SourceBatch, clean_rating

STARS = st.integers(2, 10).map(lambda halves: halves / 2)
#: What files hold where a rating should be: points, votes, years, minus signs, no number.
STRAYS = st.one_of(
    st.integers(-1000, 5000),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["", "7,5", "n/a", None, True, "5/5", 2026, "100", 10**400]),
)


def normalised(ratings: list[object]) -> list[float | RejectReason | None]:
    """Return each rating as it would be stored, or why it would be put aside."""
    scale = find_scale(ratings) or USUAL_SCALE
    stored: list[float | RejectReason | None] = []
    for rating in ratings:
        try:
            stored.append(clean_rating(rating, best=scale.best, worst=scale.worst))
        except RecordRefused as refused:
            stored.append(refused.reason)
    return stored


@pytest.mark.parametrize(
    ("ratings", "best"),
    [
        ([1, 5, 3.5], 5),
        ([4.5], 5),
        (["4,5", "x", float("nan"), float("inf")], 5),
        # Small files of ten points and of a hundred.
        ([9, 7, 3], 10),
        ([7.5], 10),
        (["1", "10", "", None], 10),
        ([1, 2, 1, 2, 1, 8, 9], 10),
        ([85, 40, 90], 100),
        ([1, 55, 100], 100),
        ([0, 0, 0, 80], 100),
        # A stray is no scale.
        ([5, 4, 3, 2, 1, 77], 5),
        ([5, 2, 3, 4, 5, 9], 5),
        ([5, 4, 3, 77], 5),
        ([5, 77], 5),
        ([9, 7, 3, 77], 10),
        ([4] * 10 + [9, 77, 88], 5),
        ([5] * 99 + [99], 5),
        ([3] * 96 + [8] * 4, 5),
        ([3] * 90 + [8] * 10, 10),
        # On no scale at all, or at the foot of any.
        ([4] * 50 + [1000], 5),
        ([1000, 2000], 5),
        ([-4, -5], 5),
        ([0, 0], 5),
    ],
)
def test_the_scale_is_the_one_that_the_bulk_needs(ratings: list[object], best: float) -> None:
    assert find_scale(ratings) == RatingScale.up_to(best, Origin.FOUND)


@pytest.mark.parametrize("ratings", [[], ["good"], [None, "", True]])
def test_without_a_number_there_is_no_scale(ratings: list[object]) -> None:
    assert find_scale(ratings) is None


@given(st.lists(STARS, min_size=4, max_size=40), STRAYS, st.data())
def test_one_stray_never_moves_the_other_stars(
    stars: list[float], stray: object, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(stars)))
    ratings = [*stars[:at], stray, *stars[at:]]
    found = normalised(ratings)
    assert found[:at] + found[at + 1 :] == stars


@given(st.lists(st.integers(6, 10), min_size=2), st.lists(st.integers(1, 5)), st.data())
def test_strays_beyond_ten_never_move_ten_points(
    high: list[int], low: list[int], data: st.DataObject
) -> None:
    points = high + low
    beyond = st.lists(st.integers(11, 10**6), max_size=len(points))
    strays = data.draw(beyond)
    assert normalised([*points, *strays])[: len(points)] == normalised([*points])


@given(st.lists(st.integers(11, 100), min_size=1), st.data())
def test_points_of_a_hundred_are_found_in_files_of_any_size(
    high: list[int], data: st.DataObject
) -> None:
    low = data.draw(st.lists(st.integers(0, 10), max_size=len(high) - 1))
    assert find_scale([*low, *high]) == RatingScale(0, 100, Origin.FOUND)
    assert RejectReason.RATING_OUT_OF_RANGE not in normalised([*low, *high])


@given(st.lists(st.one_of(STARS, st.integers(0, 100), STRAYS)))
def test_every_rating_is_on_the_scale_or_put_aside(ratings: list[object]) -> None:
    for stored in normalised(ratings):
        assert stored is None or isinstance(stored, RejectReason) or 1 <= stored <= 5


@given(st.permutations([5, 4, 3, 77, 9, 0, "x", 1000, 2.5]))
def test_the_order_of_the_ratings_does_not_matter(ratings: list[object]) -> None:
    assert find_scale(ratings) == RatingScale(1, 5, Origin.FOUND)


def test_points_out_of_a_hundred_start_at_nought() -> None:
    assert [given_scale(best).worst for best in (5, 10, 20, 100)] == [1, 1, 0, 0]


@pytest.mark.parametrize("best", [1.0, 0.0, -5.0, 1000.5, 2000, float("nan"), float("inf")])
def test_a_scale_that_cannot_be_is_refused(best: float) -> None:
    with pytest.raises(InvalidRequest, match=r"above 1 and at most 1000, not"):
        given_scale(best)


@pytest.mark.parametrize("best", [1.01, 5, 1000])
def test_a_scale_of_people_is_taken(best: float) -> None:
    assert given_scale(best).best == best


@pytest.mark.parametrize(
    ("beyond", "ratings", "doubted"),
    [(19, 19, False), (20, 20, True), (20, 399, True), (20, 400, False), (51, 1000, True)],
)
def test_many_later_ratings_beyond_a_scale_speak_against_it(
    beyond: int, ratings: int, doubted: bool
) -> None:
    assert USUAL_SCALE.doubted_by(beyond, ratings) is doubted
    assert RatingScale.up_to(10, Origin.FOUND).doubted_by(beyond, ratings) is doubted
    assert not given_scale(5).doubted_by(beyond, ratings)


@pytest.mark.parametrize(("raw", "number"), [(" 4,5 ", 4.5), (True, None), ([5], None), (3, 3.0)])
def test_a_rating_is_a_number_as_people_write_it(raw: object, number: float | None) -> None:
    assert rating_number(raw) == number


@pytest.mark.parametrize("scale", [USUAL_SCALE, given_scale(20), find_scale([9, 7, 3]), None])
def test_coverage_keeps_the_scale(scale: RatingScale | None) -> None:
    coverage = Coverage()
    coverage.add(SourceBatch((), rating_scale=scale), collected=0, duplicates=0, edited=0)
    # A later batch that read no rating does not unsay it.
    coverage.add(SourceBatch(()), collected=0, duplicates=0, edited=0)
    assert Coverage.from_state(coverage.to_state()) == coverage
    assert coverage.rating_scale == scale


def test_coverage_from_before_scales_were_kept_is_read() -> None:
    state = Coverage(pages=2, collected=7).to_state()
    del state["rating_scale"]
    assert Coverage.from_state(state) == Coverage(pages=2, collected=7)
