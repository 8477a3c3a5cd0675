"""Hand-written examples: what is felt when words are turned, strengthened, misspelt."""

from __future__ import annotations

import pytest

from domain.analysis import LexiconAnalyzer
from domain.cards import Reading, ReviewText
from domain.tally import POLARITY_BAND

ANALYZER = LexiconAnalyzer()


def polarity(text: str) -> float:
    reading = ANALYZER.analyze([ReviewText(text, None)])[0]
    assert isinstance(reading, Reading)
    return reading.polarity


GOOD = """
나쁘지 않아요
별로 안 비싸요
그다지 비싸지 않아요
별로 불편하지 않네요
문제 없어요
아무 문제 없이 잘 쓰고 있어요
하자 없이 왔어요
불편함이 전혀 없어요
실망시키지 않네요
생각보다 무겁지 않아요
먼지가 안 붙어요
냄새가 안 나요
전혀 안 어려워요
돈이 아깝지 않아요
지루할 틈이 없어요
흠잡을 데 없어요
말이 필요없는 제품
더할 나위 없이 좋아요
한동안 좋았어요
역시 믿고 사는 브랜드
걱정했는데 생각보다 튼튼하네요
무거울 줄 알았는데 가볍네요
너무너무 조아요ㅠㅠ
갠춘해요
굿굿
개꿀
이뻐요
재구매 의사 있어요
배송 빨라요
시간 가는 줄 몰랐어요
안 비려요
보풀 안 생겨요
하자 없네요
향도 좋고 트러블도 없어요
자극이 덜해요
번짐이 적어요
부담이 적어요
나쁘지는 않네요
잘 붙어요
잘 써져요
문이 잘 열려요
기스 없이 왔어요
작아서 귀여워요
it isn't bad
no problem at all
I never had a problem
without any problems
I couldn't be happier
you can't go wrong
sooooo gooood
highly recommended
""".strip().splitlines()

BAD = """
안 좋아요
안좋아요
좋지 않아요
좋지가 않네요
별로예요
재미가 하나도 없어요
감동도 재미도 없다
잘 안 밀려요
작동이 안 돼요
못 쓰겠어요
추천하지 않습니다
추천하고 싶지 않아요
추천은 못 하겠어요
고급스럽지 못해요
색이 안 예뻐요
핵노맛
핵노맛ㅋㅋㅋ
좋을 줄 알았는데 아니네요
다신 안 사요
재구매 의사 없어요
정품이 아닌 것 같아요
사진과 달라요
효과가 없어요
만족할 수 없네요
친절하지도 않아요
재밌다고 해서 봤는데 지루했다
잘 안 붙어요
잘 붙지 않아요
잘붙지도 않네요
충전이 안돼요
충전이 안되요
뚜껑이 안 열려요
못 열겠고 잘 안 닫혀요
좋지안아요
않좋아요
덜 부드럽네요
효과가 없어요
탄력이 없어요
너무 작아요
좀 커요
생각보다 얇아요
작아서 불편해요
잘 부러져요
기스가 많아요
마음에 안 들어요
더 튼튼했더라면
효과가 좋은지 잘 모르겠네요
튼튼해 보이지 않아요
고급스럽다고는 할 수 없네요
not good
The battery is not good at all
don't like it
would not recommend
I was never happy with it
it would have been nice
far from perfect
""".strip().splitlines()


@pytest.mark.parametrize("text", GOOD)
def test_good(text: str) -> None:
    assert polarity(text) > POLARITY_BAND


@pytest.mark.parametrize("text", BAD)
def test_bad(text: str) -> None:
    assert polarity(text) < -POLARITY_BAND


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("좋아요", "정말 좋아요"),
        ("조금 비싸요", "비싸요"),
        ("비싸요", "너무 비싸요"),
        ("나쁘지 않아요", "정말 만족해요"),
        ("만족해요", "만족해요!!"),
        ("만족해요", "만족해요 ㅎㅎ"),
        ("good", "very good"),
        ("a bit expensive", "very expensive"),
        ("not bad", "excellent"),
    ],
)
def test_strength(weaker: str, stronger: str) -> None:
    assert abs(polarity(weaker)) < abs(polarity(stronger))


def test_laughter_does_not_soften_what_was_said() -> None:
    assert polarity("최악이에요 ㅋㅋㅋ") < polarity("최악이에요") < 0
