"""What a reading holds: emotions, aspects, keywords, headline, flags."""

from __future__ import annotations

import pytest

from domain.analysis import LexiconAnalyzer
from domain.analysis.mentions import MOST_EACH
from domain.analysis.quoting import LONGEST
from domain.analysis.reading import MOST_KEYWORDS
from domain.aspects import ASPECTS, Aspect
from domain.cards import Flag, Reading, ReviewText
from domain.emotions import EMOTIONS, Emotion

ANALYZER = LexiconAnalyzer()


def read(text: str, rating: float | None = None) -> Reading:
    reading = ANALYZER.analyze([ReviewText(text, rating)])[0]
    assert isinstance(reading, Reading)
    return reading


def felt(reading: Reading, aspect: Aspect) -> list[float]:
    return [mention.polarity for mention in reading.aspects if mention.aspect is aspect]


def test_contrast_gives_two_feelings() -> None:
    reading = read("디자인은 예쁜데 가격이 비싸요")
    [design], [price] = felt(reading, Aspect.DESIGN), felt(reading, Aspect.PRICE)
    assert design > 0 > price
    assert [mention.evidence.text for mention in reading.aspects] == [
        "디자인은 예쁜데",
        "가격이 비싸요",
    ]
    assert Flag.MIXED in reading.flags


def test_a_clause_on_two_aspects_gives_both() -> None:
    reading = read("배송 포장 모두 좋아요")
    assert [mention.aspect for mention in reading.aspects] == [Aspect.DELIVERY, Aspect.PACKAGING]
    assert {mention.evidence for mention in reading.aspects} == {reading.headline}


def test_two_judgements_joined_by_go_are_quoted_apart() -> None:
    reading = read("배송도 빠르고 포장도 꼼꼼해요")
    assert [(mention.aspect, mention.evidence.text) for mention in reading.aspects] == [
        (Aspect.DELIVERY, "배송도 빠르고"),
        (Aspect.PACKAGING, "포장도 꼼꼼해요"),
    ]


def test_a_clause_torn_over_one_aspect_says_both() -> None:
    assert [p > 0 for p in felt(read("향이 좋아요 향이 없어요 하나는"), Aspect.TASTE_SCENT)] == [
        True,
        False,
    ]


def test_tears_are_not_neutral() -> None:
    reading = read("택배 왔어요ㅠㅠ")
    assert reading.primary_emotion is Emotion.SADNESS
    assert reading.headline.text == "택배 왔어요ㅠㅠ"


_KOREAN_ASPECTS = {
    Aspect.PRICE: "가격이 저렴해요",
    Aspect.QUALITY: "품질이 좋아요",
    Aspect.DELIVERY: "택배가 늦게 왔어요",
    Aspect.PACKAGING: "박스가 찌그러졌어요",
    Aspect.SIZE_FIT: "사이즈가 딱 맞아요",
    Aspect.DESIGN: "색상이 예뻐요",
    Aspect.PERFORMANCE: "성능이 뛰어나요",
    Aspect.EASE_OF_USE: "조립이 쉬워요",
    Aspect.DURABILITY: "내구성이 약해요",
    Aspect.TASTE_SCENT: "향이 좋아요",
    Aspect.CUSTOMER_SERVICE: "판매자가 친절해요",
    Aspect.AUTHENTICITY: "정품이라 안심돼요",
    Aspect.REPURCHASE: "재구매했어요",
}
_ENGLISH_ASPECTS = {
    Aspect.PRICE: "the price is great",
    Aspect.QUALITY: "good material",
    Aspect.DELIVERY: "shipping was late",
    Aspect.PACKAGING: "nice packaging",
    Aspect.SIZE_FIT: "the size is wrong",
    Aspect.DESIGN: "love the color",
    Aspect.PERFORMANCE: "the battery died",
    Aspect.EASE_OF_USE: "easy to use",
    Aspect.DURABILITY: "it is durable",
    Aspect.TASTE_SCENT: "the taste is awful",
    Aspect.CUSTOMER_SERVICE: "rude seller",
    Aspect.AUTHENTICITY: "this is a fake",
    Aspect.REPURCHASE: "I would buy again",
}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_aspect_is_found(aspect: Aspect) -> None:
    for examples in (_KOREAN_ASPECTS, _ENGLISH_ASPECTS):
        assert any(felt(read(examples[aspect]), aspect)), examples[aspect]


def test_an_aspect_is_mentioned_a_few_times_only() -> None:
    assert len(felt(read("가격이 좋아요.\n" * 20), Aspect.PRICE)) == MOST_EACH


def test_emotions_are_the_ten_in_order_and_follow_the_polarity() -> None:
    reading = read("정말 짜증나고 최악이에요!!")
    assert tuple(label for label, _ in reading.emotions) == EMOTIONS
    assert reading.primary_emotion in {Emotion.ANGER, Emotion.DISAPPOINTMENT}
    scores = dict(reading.emotions)
    assert scores[Emotion.ANGER] > scores[Emotion.JOY] == 0.0
    assert reading.polarity < -0.7


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("너무 행복해요", Emotion.JOY),
        ("만족합니다", Emotion.SATISFACTION),
        ("정말 궁금하네요", Emotion.INTEREST),
        ("화가 나네요", Emotion.ANGER),
        ("실망했어요", Emotion.DISAPPOINTMENT),
        ("속상해요", Emotion.SADNESS),
        ("불안해요", Emotion.ANXIETY),
        ("깜짝 놀랐어요", Emotion.SURPRISE),
        ("벌레가 나왔어요", Emotion.DISGUST),
        ("컵입니다", Emotion.NEUTRAL),
        ("disgusting", Emotion.DISGUST),
        ("so annoying", Emotion.ANGER),
    ],
)
def test_primary_emotion(text: str, emotion: Emotion) -> None:
    assert read(text).primary_emotion is emotion


def test_the_rating_flags_a_contradiction_and_moves_nothing() -> None:
    plain, contradicted = read("정말 최악이에요"), read("정말 최악이에요", 5.0)
    assert plain.flags == ()
    assert contradicted.flags == (Flag.RATING_MISMATCH,)
    assert contradicted.polarity == plain.polarity
    assert read("정말 최악이에요", 1.0).flags == ()
    assert read("정말 최고예요", 1.5).flags == (Flag.RATING_MISMATCH,)
    assert read("정말 최고예요", 3.0).flags == ()


def test_keywords_are_dictionary_forms_in_order_without_repeats() -> None:
    assert read("예뻐요 예쁘고 튼튼합니다. 예쁜 색상").keywords == ("예쁘다", "튼튼하다", "색상")
    many = read("예쁘고 튼튼하고 저렴하고 가볍고 편하고 깔끔하고 친절하고 빠르고 맛있고 귀엽다")
    assert len(many.keywords) == MOST_KEYWORDS


def test_headline_is_the_strongest_clause_and_the_first_of_equals() -> None:
    assert read("괜찮아요. 정말 최악이에요. 택배").headline.text == "정말 최악이에요."
    assert read("좋아요. 좋아요.").headline == ("좋아요.", 0, 4)
    assert read("컵. 접시.").headline.text == "컵."


def test_a_long_clause_is_quoted_around_its_strongest_word() -> None:
    filler = "이것은 컵이고 저것은 접시이고 " * 20
    text = f"{filler}정말 최악이고 {filler}"
    start, end = (quote := read(text).headline).start, quote.end
    assert quote.text == text[start:end]
    assert "최악" in quote.text
    assert len(quote.text) <= LONGEST
    assert text[start - 1] == " " == text[end]
    assert quote.text == quote.text.strip()


def test_a_long_clause_without_spaces_is_cut_hard() -> None:
    quote = read("좋" + "가" * 500).headline
    assert (quote.start, quote.end) == (0, LONGEST)


def test_numbers_are_plain_floats_of_four_places() -> None:
    reading = read("정말 좋은데 조금 비싸요ㅠㅠ 배송은 빨랐어요!")
    numbers = [reading.polarity, reading.intensity, *(score for _, score in reading.emotions)]
    numbers += [n for m in reading.aspects for n in (m.polarity, m.intensity)]
    assert all(type(number) is float and round(number, 4) == number for number in numbers)
