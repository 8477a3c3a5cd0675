"""The word lists, conjugation and the two matchers."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.analysis.conjugation import stems
from domain.analysis.english import EnglishMatcher, english_matcher, inflections
from domain.analysis.korean import KoreanMatcher, korean_matcher
from domain.analysis.lexicon import (
    Form,
    LexiconInvalid,
    Rank,
    Term,
    load_aspects,
    load_lexicon,
    read_row,
)
from domain.aspects import ASPECTS, Aspect
from domain.emotions import EMOTIONS

LISTS = ("goods_ko.toml", "idioms_ko.toml", "lexicon_ko.toml", "lexicon_en.toml", "emoticons.toml")


@pytest.mark.parametrize(
    ("word", "spellings"),
    [
        ("비싸다", ["비싸요", "비싼", "비쌉니다", "비쌌어요", "비쌈"]),
        ("예쁘다", ["예쁘네", "예쁜", "예뻐요", "예뻤다"]),
        ("나쁘다", ["나빠요", "나빴다"]),
        ("빠르다", ["빠르고", "빠른", "빨라요", "빨랐다"]),
        ("귀엽다", ["귀엽고", "귀여운", "귀여워요", "귀여웠다"]),
        ("좁다", ["좁아요", "좁은"]),
        ("친절하다", ["친절해요", "친절합니다", "친절했다", "친절햇어요"]),
        ("힘들다", ["힘들어", "힘드네요", "힘든", "힘듭니다"]),
        ("느리다", ["느려요", "느렸다", "느린"]),
        ("좋다", ["좋아요", "좋습니다", "좋은"]),
        ("크다", ["커요", "컸다", "큰"]),
    ],
)
def test_stems_open_every_spelling(word: str, spellings: list[str]) -> None:
    shapes = stems(word)
    assert all(spelling.startswith(shapes) for spelling in spellings)


def test_a_regular_b_stem_stays() -> None:
    assert stems("좁다") == ("좁",)


def test_other_forms_are_left_alone() -> None:
    assert stems("최고") == ("최고",)
    assert stems("다") == ("다",)


def test_inflections() -> None:
    assert inflections("enjoy+") == ("enjoy", "enjoys", "enjoyed", "enjoying")
    assert inflections("frustrate+")[-1] == "frustrating"
    assert inflections("worry+")[1:3] == ("worries", "worried")
    assert inflections("good") == ("good",)


@pytest.mark.parametrize("name", LISTS)
def test_feeling_words_have_emotions_and_weights(name: str) -> None:
    for form in load_lexicon(name):
        assert form.text
        if form.term.emotions:
            assert -1.0 <= form.term.polarity <= 1.0
            assert all(0 <= place < len(EMOTIONS) - 1 for place in form.term.emotions)


@pytest.mark.parametrize("name", ["aspects_ko.toml", "aspects_en.toml"])
def test_every_aspect_has_terms(name: str) -> None:
    assert {form.term.aspect for form in load_aspects(name)} >= set(ASPECTS)


def test_lists_are_large_enough() -> None:
    for name in ("lexicon_ko.toml", "lexicon_en.toml"):
        assert len({form.term.name for form in load_lexicon(name)}) > 400


def test_two_words_with_one_spelling_are_refused() -> None:
    good, bad = Term("a", 0.5, (0,)), Term("b", -0.5, (4,))
    with pytest.raises(LexiconInvalid, match="both 'a' and 'b'"):
        KoreanMatcher([Form("같은말", good), Form("같은말", bad)])
    with pytest.raises(LexiconInvalid, match="both 'a' and 'b'"):
        EnglishMatcher([Form("same", good), Form("same", bad)], [])


def test_a_feeling_word_may_be_an_aspect_term_too() -> None:
    feeling, aspect = Term("가성비", 0.6, (1,)), Term("가격", aspect=Aspect.PRICE)
    [(_, _, term)] = KoreanMatcher([Form("가성비", feeling), Form("가성비", aspect)]).find("가성비")
    assert (term.name, term.polarity, term.aspect) == ("가성비", 0.6, Aspect.PRICE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("마음에들어요", ["마음에 들다"]),
        ("마음에 들어요", ["마음에 들다"]),
        ("조아요 이뻐요 갠춘", ["좋다", "예쁘다", "괜찮다"]),
        ("영화나 볼까", [""]),
        ("제품이 왔다", []),
        ("중요한 역할", []),
        ("BEST GOOD", ["best", "굿"]),
        ("İ좋다", ["좋다"]),
    ],
)
def test_korean_terms(text: str, found: list[str]) -> None:
    assert [term.name for _, _, term in korean_matcher().find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Goods", []),
        ("user-friendly", ["user friendly"]),
        ("sooo goooood", ["very", "good"]),
        ("couldn’t be happier", ["couldn't be happier"]),
        ("great :) <3", ["great", "😀", "♥"]),
    ],
)
def test_english_terms(text: str, found: list[str]) -> None:
    assert [term.name for _, _, term in english_matcher().find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("이영화너무재미없었어요", ["재미없다"]),
        ("정말이지재미없는영화", ["재미없다"]),
        ("빛의 속도", [""]),
        ("빛의 속도로 왔어요", ["빛의 속도"]),
        ("깨져서 왔어요", ["파손되어 오다"]),
        ("쓰다가 깨졌어요", ["깨지다"]),
        ("_", []),
    ],
)
def test_runs_and_words_that_wait_for_another(text: str, found: list[str]) -> None:
    assert [
        term.name for _, _, term in korean_matcher().find(text) if term.polarity or not term.name
    ] == found


def test_alternatives_and_what_must_follow_are_written_out() -> None:
    row = "사진과 다르다=/사진{과,이랑}…{달라,다르}/다른 물건@authenticity?"
    forms = list(read_row(row, {"polarity": -0.5, "emotions": (4,)}))
    assert [form.text for form in forms] == ["사진과", "사진이랑", "다른 물건"]
    assert {(f.term.name, f.term.aspect, f.term.rank) for f in forms} == {
        ("사진과 다르다", Aspect.AUTHENTICITY, Rank.YIELDING)
    }
    first, last = forms[0].then, forms[2].then
    assert first is not None
    assert first.match(" 너무 달라요")
    assert not first.match(". 달라요")
    assert last is None


def test_what_waits_for_another_word_stands_anywhere() -> None:
    waiting = [form.text for form in load_lexicon("goods_ko.toml") if form.then is not None]
    assert waiting
    assert not [text for text in waiting if text.startswith("_") or text.endswith(".")]


_KEYS = st.lists(st.text("가나다라", min_size=1, max_size=4), min_size=1, max_size=8, unique=True)


@given(_KEYS, st.text("가나다라 ", max_size=30))
@example(["라", "가라가"], "가라가라가")
def test_matches_are_leftmost_longest(keys: list[str], text: str) -> None:
    matcher = KoreanMatcher([Form(key + ".", Term(key, 0.5, (0,))) for key in keys])
    longest_first = "|".join(sorted(map(re.escape, keys), key=len, reverse=True))
    expected = [(m.start(), m.end(), m.group()) for m in re.finditer(longest_first, text)]
    assert [(start, end, term.name) for start, end, term in matcher.find(text)] == expected
