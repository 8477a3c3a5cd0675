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


def test_a_review_is_quoted_twice_only_where_no_other_is_left() -> None:
    talker = [
        (9, "r1", text) for text in ("발색이 은은해요", "향기도 오래가요", "뚜껑은 단단합니다")
    ]
    texts = shown(offered([*talker, (1, "r2", "그저 그런 편입니다")]))
    assert texts[:2] == ["뚜껑은 단단합니다", "그저 그런 편입니다"]
    assert len(shown(offered(talker))) == 3


def test_what_is_too_long_or_too_short_to_read_is_not_shown() -> None:
    assert shown(offered([(9, "r1", "좋"), (9, "r2", "가" * (MAX_QUOTE_CHARS + 1))])) == []
