"""Which reviews are learnt from, and the arithmetic that judges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.adaptation.measures import Change, figures
from domain.adaptation.selection import (
    MOST_SKEW,
    Chosen,
    Selection,
    side,
    text_key,
    text_share,
    too_few,
    usable,
)


def offered(selection: Selection, product: str, texts: dict[str, bool]) -> None:
    for number, (text, positive) in enumerate(texts.items()):
        stored_id = f"{product}:{number}"
        selection.offer(stored_id=stored_id, product_id=product, text=text, positive=positive)


def chosen_of(products: dict[str, dict[str, bool]], total: int = 1000) -> list[Chosen]:
    selection = Selection(total, 100)
    for product, texts in products.items():
        offered(selection, product, texts)
    return selection.all()


def test_one_product_does_not_dominate_and_the_total_holds() -> None:
    many = {f"좋아요 {'가나다라마'[n % 5]} {n}번": n % 2 == 0 for n in range(400)}
    few = {f"별로 {n}개": n % 2 == 0 for n in range(40)}
    chosen = chosen_of({"a": many, "b": few})
    assert sum(each.product_id == "a" for each in chosen) == 100
    assert sum(each.product_id == "b" for each in chosen) == 40
    assert len(chosen_of({"a": many, "b": few}, total=60)) == 60


def test_near_identical_texts_are_one_and_contradictions_are_none() -> None:
    chosen = chosen_of(
        {
            "a": {"정말 좋아요": True, "정말좋아요!!": True, "그저 그래요 ㅎ": True},
            "b": {"그저그래요 ㅎ": False, "나빠요": False},
        }
    )
    assert len(chosen) == 2
    assert text_key("Very  GOOD!") == text_key("very good")
    assert text_key("!!!") != text_key("???")


def test_what_five_stars_say_too_is_known_however_many_others_say_more() -> None:
    both = [f"애매한 말 {n}" for n in range(60)]
    good = both + [f"좋은 말 {n}" for n in range(2000)]
    selection = Selection(200, 200)
    # A text may come with the other stars before it, behind it, or in another product.
    offered(selection, "a", dict.fromkeys(both[:30], False))
    offered(selection, "b", dict.fromkeys(good, True))
    offered(selection, "c", dict.fromkeys(both[30:], False))
    offered(selection, "d", {f"나쁜 말 {n}": False for n in range(30)})
    chosen = selection.all()
    said = {text_key(text) for text in both}
    assert sum(not each.positive for each in chosen) == 30
    assert not [each for each in chosen if each.key in said]
    assert selection.left_out["said_by_both_sides"] >= 60


def test_texts_that_differ_in_numbers_only_are_held_back_together() -> None:
    pairs = [f"배송 {n}일 걸렸고 {n * 7}개 중 하나가 {chr(ord('가') + n)}" for n in range(50)]
    for text in pairs:
        other = text.replace("일 걸렸고", "0일 걸렸고!")
        assert text_key(text) != text_key(other)
        assert text_share(text) == text_share(other)
    assert len({text_share(text) for text in pairs}) > 20
    assert text_share("12345") != text_share("54321")


def test_the_common_side_is_bounded_by_the_other() -> None:
    texts = {f"좋아요 {n}번": True for n in range(90)} | {f"나빠요 {n}번": False for n in range(5)}
    selection = Selection(1000, 1000)
    offered(selection, "a", texts)
    chosen = selection.all()
    assert sum(each.positive for each in chosen) == 5 * MOST_SKEW
    assert selection.left_out["more_common_side"] == 90 - 5 * MOST_SKEW


@given(st.permutations([f"리뷰 {n}번 좋아요" for n in range(30)]))
def test_order_changes_nothing(texts: list[str]) -> None:
    def keys(given_texts: list[str]) -> list[tuple[int, bool, bool]]:
        selection = Selection(20, 16)
        offered(selection, "a", {text: len(text) % 2 == 0 for text in given_texts})
        return [(each.key, each.tunes, each.held_back) for each in selection.all()]

    assert keys(texts) == keys(sorted(texts))


def test_those_that_tune_come_first_and_those_held_back_last() -> None:
    texts = {f"문장 {chr(ord('가') + 9 * n)} 번": n % 2 == 0 for n in range(100)}
    chosen = chosen_of({"a": texts})
    parts = [0 if each.tunes else 2 if each.held_back else 1 for each in chosen]
    assert parts == sorted(parts)
    assert set(parts) == {0, 1, 2}
    told = too_few(chosen)
    assert told is not None
    assert "2 stars or less" in told


@pytest.mark.parametrize(
    ("stars", "said"), [(1, False), (2.0, False), (2.5, None), (3, None), (4, True), (None, None)]
)
def test_three_stars_say_nothing(stars: float | None, said: bool | None) -> None:
    assert side(stars) is said


def test_only_what_is_read_is_learnt_from() -> None:
    assert usable("배송이 빨라요")
    assert usable("works well")
    assert not usable("速い配送でした")
    assert not usable("👍👍")
    assert not usable("좋" * 2001)


def test_figures_do_not_let_praise_hide_complaints() -> None:
    positive = np.array([True] * 90 + [False] * 10)
    found = figures(np.ones(100), positive)
    assert found.accuracy == 0.9
    assert found.balanced_accuracy == pytest.approx(0.5)
    assert found.auc == pytest.approx(0.5)
    sure = figures(np.where(positive, 20.0, -20.0), positive)
    assert sure.auc == 1
    assert sure.calibration_error == pytest.approx(0, abs=1e-6)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_it_says(gained: int, lost: int) -> None:
    fewer, changed = min(gained, lost), gained + lost
    tail = sum(math.comb(changed, hits) for hits in range(fewer + 1)) / 2**changed
    half = math.comb(changed, fewer) / 2**changed
    expected = 1.0 if gained == lost else min(1.0, 2 * tail - half)
    assert Change(gained, lost).p == pytest.approx(expected, rel=1e-6)
