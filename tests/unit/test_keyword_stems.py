"""Stems of Korean and English: whole words, dictionary forms, denials, and where they stand."""

from __future__ import annotations

import pytest

from domain.keywords.english import english_stems, singular
from domain.keywords.finding import LONGEST, StemFinder, Text, unmasked
from domain.keywords.findings import is_verdict
from domain.masking import MARKERS


@pytest.fixture(scope="module")
def finder() -> StemFinder:
    """Kiwi takes 2 s to load: once for all of these."""
    return StemFinder()


#: Each sentence with its stems, as a shop's manager would write them down.
KOREAN = {
    "배송비가 비싸요": "배송비, 비싸다",
    "배송이 빨라서 좋아요": "배송, 빠르다, 좋다",
    "빨리 왔어요": "빠르다",
    "포장도 꼼꼼하게 왔어요": "포장, 꼼꼼하다",
    "꼼꼼히 포장해 주셨어요": "꼼꼼하다, 포장하다",
    "마감이 깔끔해요": "마감, 깔끔하다",
    "마감이 깔끔하지 않아요": "마감, 안 깔끔하다",
    "깔끔하지는 못해요": "안 깔끔하다",
    "추천합니다": "추천하다",
    "추천 안 해요": "추천 안 하다",
    "추천하지 않아요": "추천 안 하다",
    "안 좋아요": "안 좋다",
    "좋지 않아요": "안 좋다",
    "좋지는 않네요": "안 좋다",
    "나쁘지 않아요": "안 나쁘다",
    "비싸지도 않고": "안 비싸다",
    "못 쓰겠어요": "못 쓰다",
    "사이즈가 안 맞아요": "사이즈, 안 맞다",
    "뚜껑이 안닫혀요": "뚜껑, 안 닫히다",
    "소리가 안 들려요": "소리, 안 들리다",
    "충전이 안 돼요": "충전 안 되다",
    "연결이 안됨": "연결 안 되다",
    "고객센터 연결이 안됨 AS센터": "고객센터, 고객, 센터, 연결 안 되다, AS센터, AS, 센터",
    "냄새가 없어요": "냄새 없다",
    "냄새도 안 나요": "냄새 안 나다",
    "문제없이 잘 써요": "문제 없다",
    "맛없어요": "맛 없다",
    "맛이 없어요": "맛 없다",
    "고급스럽고 예뻐요": "고급스럽다, 예쁘다",
    "만족스럽지 못해요": "안 만족스럽다",
    "파손되어 왔네요": "파손되다",
    "재구매 의사 있어요": "재구매",
    "가격대가 높네요": "가격대, 높다",
    "가성비짱": "가성비",
    "두꺼워서 무거워요": "두껍다, 무겁다",
    "아름다웠어요": "아름답다",
    "튼튼해 보이네요": "튼튼하다",
    "USB 단자가 헐거워요": "USB, 단자, 헐겁다",
    "ㅋㅋㅋ ㅠㅠ 😀": "",
    "할 수 있는 것 같아요": "",
    "이 제품을 구매하고 사용하고 있습니다": "",
}


@pytest.mark.parametrize(("text", "stems"), KOREAN.items())
def test_korean_stems(finder: StemFinder, text: str, stems: str) -> None:
    (found,) = finder.find([Text(text, "ko")])
    assert ", ".join(stem.name for stem in found) == stems


def test_stems_stand_where_they_say(finder: StemFinder) -> None:
    text = "😀😀 배송비가 비싸고 추천 안 해요"
    (found,) = finder.find([Text(text, "ko")])
    spans = [text[stem.start : stem.end] for stem in found]
    assert spans == ["배송비", "비싸", "추천 안 해"]


def test_a_batch_gives_what_each_text_alone_gives(finder: StemFinder) -> None:
    texts = [Text(text, "ko") for text in KOREAN] + [Text("Sturdy boxes", "en"), Text("😀", "und")]
    together = list(finder.find(texts))
    assert together == [next(finder.find([text])) for text in texts]
    assert together[-2:] == [english_stems("Sturdy boxes"), []]


@pytest.mark.parametrize("marker", MARKERS.values())
def test_masked_personal_data_is_no_word(finder: StemFinder, marker: str) -> None:
    text = f"배송 문의 {marker} 로 연락"
    assert len(unmasked(text)) == len(text)
    (found,) = finder.find([Text(text, "ko")])
    assert {text[stem.start : stem.end] for stem in found} == {"배송", "문의", "연락"}


def test_words_in_brackets_are_words(finder: StemFinder) -> None:
    (found,) = finder.find([Text("[배송비] 비싸요. [소음]이 심해요", "ko")])
    assert [stem.name for stem in found] == ["배송비", "비싸다", "소음", "심하다"]


def test_of_a_long_text_the_beginning_is_read() -> None:
    text = "sturdy " * LONGEST
    (found,) = StemFinder().find([Text(text, "en")])
    assert found[-1].end <= LONGEST


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("The batteries don't last", "battery, not last"),
        ("Not very sturdy, boxes arrived broken", "not sturdy, box, arrived, broken"),
        ("I never had any problems", "not problem"),
        ("I would not say that the STRAP is short", "strap, short"),
        ("It is what it is", ""),
        ("İ straps", "strap"),
    ],
)
def test_english_stems(text: str, stems: str) -> None:
    found = english_stems(text)
    assert ", ".join(stem.name for stem in found) == stems
    assert all(0 <= stem.start < stem.end <= len(text) for stem in found)


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("batteries", "battery"),
        ("boxes", "box"),
        ("straps", "strap"),
        ("glass", "glass"),
        ("series", "sery"),
        ("bus", "bus"),
        ("strap's", "strap"),
    ],
)
def test_plurals(word: str, one: str) -> None:
    assert singular(word) == one


def test_a_verdict_is_no_news_whatever_denies_it() -> None:
    verdicts = ("좋다", "안 좋다", "추천 안 하다", "안 나쁘다", "not good", "great")
    assert all(is_verdict(stem) for stem in verdicts)
    assert not any(is_verdict(stem) for stem in ("냄새 없다", "안 비싸다", "not sturdy", "배송"))
