"""Hashed n-grams: the same of a text in any batch, and clear about where they stand."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from domain.analysis.ngrams import TURNED, Features, extract

TEXTS = st.lists(st.text(max_size=60), min_size=1, max_size=5)
Bag = Counter[tuple[int, float]]


def whole(texts: list[str]) -> Features:
    return extract(texts, [[(0, len(text))] for text in texts])


def bags(found: Features, texts: int) -> list[Bag]:
    each: list[Bag] = [Counter() for _ in range(texts)]
    for text, hashed, value in zip(found.text, found.hash, found.value, strict=True):
        each[int(text)][int(hashed), float(value)] += 1
    return each


@given(TEXTS)
def test_a_text_has_the_same_features_in_any_batch(texts: list[str]) -> None:
    together = bags(whole(texts), len(texts))
    assert together == [bags(whole([text]), 1)[0] for text in texts]


@given(TEXTS)
def test_every_feature_is_of_a_text_and_of_one_of_its_clauses(texts: list[str]) -> None:
    spans = [[(0, len(text) // 2), (len(text) // 2, len(text))] for text in texts]
    found = extract(texts, spans)
    assert {len(column) for column in found} == {len(found.text)}
    inside = found.clause >= 0
    assert (found.clause[inside] // 2 == found.text[inside]).all()


def test_case_and_repeats_and_white_space_do_not_count() -> None:
    assert bags(whole(["  GOOD\u00a0\n good ㅋㅋㅋㅋㅋ"]), 1) == bags(whole(["good Good ㅋㅋ"]), 1)


def test_what_is_negated_counts_against_itself_and_once_more() -> None:
    plain, denied, alone = bags(whole(["좀 비리네", "좀 비리지 않네", "비리지"]), 3)
    turned = {hashed for hashed, value in denied if value == TURNED}
    said = {hashed for hashed, value in plain if value == 1}
    # At least 비, 리 and 비리 are known from the plain sentence, and none of the rest is turned.
    assert len(turned & said) >= 3
    assert turned <= {hashed for hashed, _ in alone} | {hashed for hashed, _ in denied}
    again = {hashed for hashed, value in denied if value == 1} - {
        hashed for hashed, _ in bags(whole(["좀 비리지 앉네"]), 1)[0]
    }
    assert len(again) >= len(turned)


def test_a_run_across_two_clauses_is_of_neither() -> None:
    text = "예쁜데 비싸"
    cut = extract([text], [[(0, 3), (4, 6)]])
    assert (cut.clause == -1).any()
    assert {0, 1} <= set(cut.clause.tolist())
    # What is of one clause alone is what that clause has by itself, edges aside.
    assert (whole([text]).clause == 0).all()


def test_half_a_character_and_the_end_sign_are_read_like_any_other() -> None:
    found = whole(["\ud800 a\0b", ""])
    assert set(found.text.tolist()) == {0}
