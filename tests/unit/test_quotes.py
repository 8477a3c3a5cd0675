"""Quotes: the strongest are kept whatever the order, those shown are unlike each other."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from domain.cards import Evidence
from domain.quotes import MAX_QUOTE_CHARS, SAME, BestQuotes, _alike, _pairs

_TEXTS = st.text("가나다 배송!1ㅋab", min_size=1, max_size=12)
_OFFERS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(("r1", "r2", "r3")), _TEXTS), max_size=40
)


def offered(offers: list[tuple[int, str, str]], most: int = 15) -> BestQuotes:
    quotes = BestQuotes(most)
    for strength, review_id, text in offers:
        quotes.offer(strength, review_id, Evidence(text, 0, len(text)))
    return quotes


def shown(quotes: BestQuotes) -> list[str]:
    return [quote["text"] for quote in quotes.listed()]


@given(_OFFERS, st.randoms(use_true_random=False), st.integers(0, 40))
def test_order_and_parts_do_not_matter(
    offers: list[tuple[int, str, str]], dice: random.Random, cut: int
) -> None:
    whole = offered(offers, 4)
    shuffled = dice.sample(offers, len(offers))
    first = BestQuotes.from_state(4, offered(shuffled[:cut], 4).to_state())
    first.merge(offered(shuffled[cut:], 4))
    assert first.to_state() == whole.to_state()
    assert first.listed() == whole.listed()


def test_variants_of_a_sentence_are_the_same_in_any_order_and_parts() -> None:
    dice = random.Random(5)
    words = ["배송", "포장", "색이", "향이", "정말", "아주", "빨라요", "고와요", "좋아요"]
    for _ in range(40):
        texts = [" ".join(dice.choices(words, k=dice.randint(2, 6))) for _ in range(60)]
        offers = [(dice.randint(7, 9), f"r{n}", text) for n, text in enumerate(texts)]
        whole = offered(offers, 6)
        parts = [offered(dice.sample(offers[at::3], 20), 6) for at in range(3)]
        dice.shuffle(parts)
        for part in parts[1:]:
            parts[0].merge(BestQuotes.from_state(6, part.to_state()))
        assert parts[0].to_state() == whole.to_state()
        # What of a part is among the best of all is among the best of the part.
        assert {row for row in whole.rows if row in offered(offers[::3], 6).rows} == {
            row for row in whole.rows if int(row[2][1:]) % 3 == 0
        }


@given(_OFFERS)
def test_no_two_that_are_shown_say_the_same(offers: list[tuple[int, str, str]]) -> None:
    texts = shown(offered(offers))
    assert len(texts) <= 5
    for at, text in enumerate(texts):
        assert all(_alike(_pairs(text), _pairs(other)) < SAME for other in texts[:at])


def test_laughter_digits_and_signs_make_no_other_quote() -> None:
    texts = ("배송 빨라요!!", "배송 빨라요ㅋㅋㅋ", "배송빨라요 10", "배송 빨라요 :)")
    assert len(offered([(n, f"r{n}", text) for n, text in enumerate(texts)]).to_state()) == 1


def test_a_weaker_quote_that_says_something_else_is_shown_before_the_same_again() -> None:
    alike = [
        (100, f"r{n}", f"배송이 정말 빨라서 좋아요 {word}") for n, word in enumerate("가나다라마바")
    ]
    other = [(90, "r8", "상자가 다 찌그러져서 왔어요"), (80, "r9", "기사님이 친절하셨어요")]
    texts = shown(offered(alike + other))
    assert texts == [
        "배송이 정말 빨라서 좋아요 가",
        "상자가 다 찌그러져서 왔어요",
        "기사님이 친절하셨어요",
    ]


def test_one_sentence_in_many_variants_does_not_drive_the_others_out() -> None:
    colours = "빨간 파란 노란 하얀 검은 보라 초록 분홍 회색 갈색 남색 은색 금색 주황 연두 하늘"
    same = [
        (10_000, f"r{n}", f"{colour} 색으로 샀는데 정말 최고로 마음에 들어요")
        for n, colour in enumerate([*colours.split(), "베이지", "카키"])
    ]
    others = ["배송이 하루 만에 왔어요", "촉감이 보드라워요", "선물했더니 엄마가 웃으셨어요"]
    others += ["세탁기에 돌려도 멀쩡합니다", "치수가 딱 맞네요"]
    texts = shown(offered([*same, *((9990, f"o{n}", text) for n, text in enumerate(others))]))
    assert len(texts) == 5
    assert set(texts[1:]) < set(others)


def test_unlike_quotes_of_a_small_product_are_all_kept() -> None:
    """Some pairs of letters are in every other sentence: those alone make no variant."""
    said = ("배송이 빨라요", "색이 고와요", "값이 싸요", "향이 좋아요", "포장이 예뻐요")
    assert len(shown(offered([(5, f"r{n}", text) for n, text in enumerate(said)]))) == 5


def test_a_review_is_quoted_twice_only_where_no_other_is_left() -> None:
    talker = [
        (9, "r1", text) for text in ("발색이 은은해요", "향기도 오래가요", "뚜껑은 단단합니다")
    ]
    texts = shown(offered([*talker, (1, "r2", "그저 그런 편입니다")]))
    assert texts[:2] == ["뚜껑은 단단합니다", "그저 그런 편입니다"]
    assert len(shown(offered(talker))) == 3


def test_what_is_too_long_or_too_short_to_read_is_not_shown() -> None:
    assert shown(offered([(9, "r1", "좋"), (9, "r2", "가" * (MAX_QUOTE_CHARS + 1))])) == []
