"""Which aspects plain sentences of shoppers speak of, and what they feel."""

from __future__ import annotations

import pytest

from domain.analysis import LexiconAnalyzer
from domain.cards import Reading, ReviewText

ANALYZER = LexiconAnalyzer()

#: A sentence, a bar, and its aspects with their signs.
SENTENCES = """
가격이 합리적이에요 | price+
가격대비 별로네요 | price-
돈만 날렸어요 | price-
가격대비 음질이 좋아요 | price+ performance+
배송비가 비싸요 | delivery-
무료배송이라 좋아요 | delivery+
오래 걸려서 도착했어요 | delivery-
배송 중에 깨졌어요 | delivery- quality-
잘 도착했어요 |
깔끔하게 포장해 주셨어요 | packaging+
포장에 신경 좀 써주세요 | packaging-
깔끔해요 | design+
마감이 깔끔해요 | quality+
색감이 별로예요 | design-
허리가 너무 커요 | size_fit-
작고 귀여워요 | size_fit+ design+
양이 적어요 | size_fit-
무거워요 | ease_of_use-
가볍고 편해요 | ease_of_use+
인식이 안되어 불편해요 | performance- ease_of_use-
약해요 | durability-
모터가 약해요 | performance-
터져서 왔어요 | quality-
며칠 만에 터졌어요 | durability-
털이 안 빠져요 | durability+
고무 냄새 나요 | taste_scent-
냄새가 전혀 안 나요 | taste_scent+
판매자가 전화도 안 받아요 | customer_service-
사은품도 챙겨주셨어요 | customer_service+
오배송됐어요 | authenticity- delivery-
사진이랑 너무 달라요 | authenticity-
다른 색이 왔어요 | authenticity-
또 주문할게요 | repurchase+
재구매는 안 할래요 | repurchase-
잘 안 써져요 | performance-
소리가 작아요 | performance-
고정하는 나사가 별로예요 | quality-
배송은 빠른데 포장이 별로예요 | delivery+ packaging-
가격도 싸고 품질도 좋아요 | price+ quality+
디자인은 예쁜데 약해요 | design+ durability-
재질이나 마감이 별로네요 | quality-
빠른 배송 감사해요 | delivery+
빛의 속도라는 말이 있어요 |
작은 사이즈예요 |
디자인 보고 샀어요 |
좋은 상품 잘 받아서 잘 쓰고 있어요, 추천! |
아이가 좋아해요 |
완전 쓰레기네요 |
""".strip().splitlines()


@pytest.mark.parametrize("line", SENTENCES)
def test_aspects(line: str) -> None:
    text, _, wanted = line.partition(" |")
    reading = ANALYZER.analyze([ReviewText(text, None)])[0]
    assert isinstance(reading, Reading)
    found = {f"{m.aspect}{'+' if m.polarity > 0 else '-'}" for m in reading.aspects}
    assert found == set(wanted.split())
