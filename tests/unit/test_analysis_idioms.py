"""What shoppers say that means something else than its words, and what leaves a verdict open."""

from __future__ import annotations

import pytest

from domain.analysis import LexiconAnalyzer, ModelAnalyzer
from domain.cards import Flag, Reading, ReviewText

MODEL, LISTS = ModelAnalyzer(), LexiconAnalyzer()

GOOD = """
없어서 못 사요
역시는 역시네요
명불허전이네요
값은 하네요
비싼 값을 하네요
이름값 하네요
돈값 합니다
기대 이상이에요
말해 뭐해요
두말하면 잔소리
후회 없는 선택
실망시키지 않네요
별 다섯 개도 모자라요
자꾸 손이 가네요
둘이 먹다 하나 죽어도 모를 맛
뽑기 성공
돈 쓴 보람이 있네요
돈이 안 아까워요
믿고 삽니다
재구매 의사 100%
아쉬울 게 없어요
이거 없이 못 살아요
더 바랄 게 없어요
""".strip().splitlines()

BAD = """
싼 게 비지떡이네요
돈 아깝다
돈 버렸어요
두 번 다시 안 사요
믿고 거릅니다
믿고 거르는 브랜드
비싼 값을 못 하네요
이름값 못하네요
기대 이하예요
아주 칭찬해 ㅡㅡ
참 빨리도 오네요 ㅡㅡ
퍽이나 좋네요
재구매 의사 0%
왜 샀는지 모르겠어요
손이 안 가요
이걸 돈 주고 사다니
말이 안 나오네요
복불복이에요
호갱 됐네요
개나 줘버려
""".strip().splitlines()

EVEN = """
그냥 그래요
그저 그래요
쏘쏘예요
딱 가격만큼 하네요
가격만큼 해요
나쁘지도 좋지도 않아요
좋지도 나쁘지도 않아요
나쁘지는 않은데 그렇게 좋지도 않아요
""".strip().splitlines()

TORN = """
배송은 빠른데 포장이 별로예요
디자인은 예쁜데 마감이 엉망이에요
가격은 비싼데 품질은 좋아요
다 좋은데 배송이 너무 느려요
""".strip().splitlines()


def read(text: str, analyzer: LexiconAnalyzer = MODEL) -> Reading:
    (reading,) = analyzer.analyze([ReviewText(text, None)])
    assert isinstance(reading, Reading)
    return reading


@pytest.mark.parametrize("text", GOOD)
def test_praise(text: str) -> None:
    assert read(text).polarity > 0.15


@pytest.mark.parametrize("text", BAD)
def test_blame(text: str) -> None:
    assert read(text).polarity < -0.15


@pytest.mark.parametrize("text", EVEN)
def test_what_leaves_it_open_is_near_the_middle(text: str) -> None:
    assert abs(read(text).polarity) < 0.6


@pytest.mark.parametrize("text", TORN)
def test_a_torn_review_is_mixed_and_on_no_far_end(text: str) -> None:
    reading = read(text)
    assert abs(reading.polarity) < 0.6
    assert Flag.MIXED in reading.flags


def test_a_torn_review_keeps_the_side_the_model_chose() -> None:
    assert read("배송은 빠른데 포장이 별로예요").polarity < 0
    assert read("배송은 느렸지만 제품은 만족합니다").polarity > 0


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("나쁘지 않아요", ("나쁘지 않다",)),
        ("안 나빠요", ("나쁘지 않다",)),
        ("나쁘지도 좋지도 않아요", ("나쁘지 않다", "좋지 않다")),
        ("후회 안 해요", ("후회하지 않다",)),
        ("실망시키지 않네요", ("실망하지 않다",)),
        ("하자 없어요", ("하자 없다",)),
        ("정품이 아니에요", ("정품 아니다",)),
        ("좋을 줄 알았는데 별로네요", ("별로다",)),
        ("나쁘고 비싸요", ("나쁘다", "비싸다")),
        ("it is not bad", ("not bad",)),
    ],
)
def test_a_denied_word_gives_a_denied_keyword_or_none(text: str, keywords: tuple[str, ...]) -> None:
    assert read(text, LISTS).keywords == keywords


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("누렇게 뜬 얼룩이 있어요", ["quality"]),
        ("누렇게 뜬 얼룩이 군데군데 있어요", ["quality"]),
        ("색이 누렇고 얼룩이 있어요", ["design", "quality"]),
    ],
)
def test_one_complaint_is_of_one_aspect(text: str, aspects: list[str]) -> None:
    mentions = read(text, LISTS).aspects
    assert [str(mention.aspect) for mention in mentions] == aspects
