"""Where a review is cut, to the code point."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.analysis.clauses import split_clauses


def clauses(text: str, language: str = "ko") -> list[str]:
    return [text[start:end] for start, end in split_clauses(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("좋은데 비싸요", ["좋은데", "비싸요"]),
        ("예쁜데 작아요", ["예쁜데", "작아요"]),
        ("배송은 느렸지만 좋아요.", ["배송은 느렸지만", "좋아요."]),
        ("맛있으나 비쌈", ["맛있으나", "비쌈"]),
        ("좋은데요 배송이 늦어요", ["좋은데요", "배송이 늦어요"]),
        ("재밌는데끝이별로", ["재밌는데", "끝이별로"]),
        ("빨라요 근데 포장이 별로", ["빨라요", "근데 포장이 별로"]),
        ("하지만 좋아요", ["하지만 좋아요"]),
        ("방 가운데 두었어요", ["방 가운데 두었어요"]),
        ("필요 없어요", ["필요 없어요"]),
        ("좋아요ㅎㅎ 또 살게요", ["좋아요ㅎㅎ", "또 살게요"]),
        ("좋아요! ㅋㅋㅋ 배송도 빨라요", ["좋아요! ㅋㅋㅋ", "배송도 빨라요"]),
        ("3.5점 드려요", ["3.5점 드려요"]),
        ("첫째 줄\n\n  둘째 줄", ["첫째 줄", "둘째 줄"]),
        ("👍 좋아요 👍", ["👍 좋아요 👍"]),
        ("좋아요! 😍😍", ["좋아요! 😍😍"]),
        ("... 별로", ["... 별로"]),
        ("!!!", ["!!!"]),
        ("배송도 빠르고 포장도 꼼꼼해요", ["배송도 빠르고", "포장도 꼼꼼해요"]),
        ("저렴하고, 색도 예뻐요", ["저렴하고,", "색도 예뻐요"]),
        ("마음에 들고 크기도 적당해요", ["마음에 들고", "크기도 적당해요"]),
        ("튼튼하고 좋아요", ["튼튼하고 좋아요"]),
        ("사고 싶고 하고 싶은 것", ["사고 싶고 하고 싶은 것"]),
        ("후기 보고 정말 바로 샀어요", ["후기 보고 정말 바로 샀어요"]),
        ("잘 쓰고 있는 제품 중 하나", ["잘 쓰고 있는 제품 중 하나"]),
        ("잘 크고 있는 나무 한 그루", ["잘 크고 있는 나무 한 그루"]),
        ("사용하고 나서 바로 고장났어요", ["사용하고 나서 바로 고장났어요"]),
        ("좋다고 해서 바로 샀어요", ["좋다고 해서 바로 샀어요"]),
        ("크고 작은 문제가 많아요", ["크고 작은 문제가 많아요"]),
    ],
)
def test_korean(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good but expensive", ["Good", "but expensive"]),
        ("Great. However, it broke!", ["Great.", "However, it broke!"]),
        ("Although it is dear, I love it", ["Although it is dear,", "I love it"]),
        ("I like it although it is slow", ["I like it", "although it is slow"]),
        ("not only cheap but also good", ["not only cheap but also good"]),
        ("It cost $3.50 and works", ["It cost $3.50 and works"]),
        ("butter", ["butter"]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert clauses(text, "en") == expected


@given(
    st.text(alphabet="가요좋은데지만 나.!~\nㅋ^😍a,but", max_size=60), st.sampled_from(["ko", "en"])
)
def test_clauses_are_ordered_trimmed_and_lose_only_space(text: str, language: str) -> None:
    if not text.strip():
        return
    spans = split_clauses(text, language)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    joined = "".join(text[start:end] for start, end in spans)
    assert "".join(joined.split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    "piece", ["\n", ". ", "좋은데 ", "요 ", "~ ", "좋고 ", "고 ", " ", "ㅋ", "a!\n", ".\nㅋ "]
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    text = "가" + piece * 10_000
    began = time.process_time()
    split_clauses(text, "ko")
    split_clauses(text, "en")
    assert time.process_time() - began < 2.0
