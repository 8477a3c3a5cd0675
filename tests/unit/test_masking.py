"""Masking: what is personal data, what only looks like it, and what holds for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from masking_samples import ORDINARY, PERSONAL

from domain.masking import (
    MARKERS,
    PersonalData,
    is_personal,
    mask,
    masked_id,
    masked_record,
)

#: What the rules are made of: texts of these find more in them than any text does.
PIECES = st.sampled_from(
    [
        *"0123456789 -.~()/*#+:,\n공일이육",
        *("010", "02", "+82 ", "82", "00", "1234", "5678", "900101", "-1******", "110-123-456789"),
        *(
            "계좌 ",
            "국민",
            "은행",
            "신한",
            "입금",
            "주문번호",
            "order no ",
            "카톡 ",
            "아이디 ",
            "id ",
        ),
        *("abc", "a.b", "@", "골뱅이", "(at)", "naver", ".com", "서울 ", "강남구 ", "역삼동 "),
        *("테헤란로 ", "길 ", "동", "호", "층", "번지", "아파트", "에서", "주세요 ", "://", "www."),
        *MARKERS.values(),
        *("[", "]", "☎", "4539 1488 0343 6467", "615-741-3491", "٠١٠", "①", "\u200b", "\x00"),
    ]
)
#: What makes careless expressions look at everything again from every place.
SLOW_FOR_OTHERS = (
    *(
        "0",
        "0 ",
        "02-123-4567 ",
        "+1 2 3 4 ",
        "a@",
        "a.",
        "@b.",
        "서울 강남구 ",
        "1동 ",
        "계좌 12-",
    ),
    *(
        "국민 1-",
        "주문번호 1",
        "900101-",
        "1234-",
        "아파트",
        "가1",
        "공일공",
        "[",
        "(",
        "+",
        "://1 ",
        "가나",
    ),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize(("kind", "text", "rest"), PERSONAL)
def test_personal_data_is_masked(kind: PersonalData, text: str, rest: str) -> None:
    assert mask(text) == (rest.replace("*", MARKERS[kind], 1), (kind,))


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert mask(text) == (text, ())


@given(TEXTS | st.text())
@example("010-1234-5678" + "9")
@example("[☎]010-1234-5678[☎]")
def test_masking_again_changes_nothing(text: str) -> None:
    masked = mask(text)
    assert mask(masked.text) == (masked.text, ())
    assert is_personal(text) == bool(masked.kinds)
    assert (masked.text == text) == (not masked.kinds)


@given(st.text(), st.text(), st.sampled_from(["", "-", ".", " ", "·", "－", " - ", "\n"]))
def test_a_phone_number_in_any_text_is_gone(before: str, after: str, between: str) -> None:
    # A digit right beside it would make it another number.
    before, after = before + "전화", "로" + after
    masked = mask(f"{before}010{between}2345{between}6789{after}")
    assert f"2345{between}6789" not in masked.text
    assert masked.kinds


@given(st.text(), st.text())
def test_an_email_address_in_any_text_is_gone(before: str, after: str) -> None:
    masked = mask(f"{before} kim.cs_77@naver.com{after}")
    assert "kim.cs_77" not in masked.text
    assert masked.kinds


@given(TEXTS)
def test_what_is_not_masked_is_as_it_was(text: str) -> None:
    rest = mask(text).text
    for marker in MARKERS.values():
        rest = rest.replace(marker, "\n")
    at = 0
    for piece in filter(None, rest.split("\n")):
        at = text.index(piece, at) + len(piece)


@pytest.mark.parametrize("piece", SLOW_FOR_OTHERS)
def test_the_longest_text_is_masked_in_a_moment(piece: str) -> None:
    text = (piece * 20_000)[:19_980] + " 1234567890 @ 아이디"
    started = time.process_time()
    mask(text)
    # A tenth of that on an idle machine; what grows with the square of the length takes minutes.
    assert time.process_time() - started < 3


def test_several_kinds_are_told_in_one_order() -> None:
    text = "010-1234-5678 kim@naver.com 900101-1234567 주문번호 20240101001"
    masked = mask(text)
    assert masked.text == "[☎] [✉] [👤] 주문번호 [📦]"
    assert masked.kinds == ("resident_number", "phone", "email", "order_number")


def test_no_marker_has_a_letter_or_digit() -> None:
    assert set(MARKERS) == set(PersonalData)
    assert all(len(marker) == 3 for marker in MARKERS.values())
    assert not any(char.isalnum() for marker in MARKERS.values() for char in marker)


def test_a_record_is_masked_in_all_its_strings() -> None:
    record = {
        "kim@naver.com": ["010-1234-5678", {"note": "계좌 110-123-456789"}],
        "phone": 1012345678,
        "주소": "우리 집",
        "rating": 11,
        "raw": b"010-1234-5678",
        "none": None,
    }
    assert masked_record(record) == {
        "[✉]": ["[☎]", {"note": "계좌 [🏦]"}],
        "phone": "[☎]",
        "주소": "[🏠]",
        "rating": 11,
        "raw": "b'[☎]'",
        "none": None,
    }


def test_escapes_of_json_hide_nothing() -> None:
    line = '{"text": "\\uc804\\ud654\\u0030\\u0031012345678", "rating": '
    assert masked_record(line) == '{"text": "전화[☎]", "rating": '
    untouched = '{"text": "\\uc88b\\uc544\\uc694'
    assert masked_record(untouched) == untouched


def test_an_id_that_is_personal_stays_unique_and_lasting() -> None:
    ids = {masked_id(raw) for raw in ("kim@naver.com", "lee@naver.com", "010-1234-5678")}
    assert len(ids) == 3
    assert all(each.startswith("m-") and len(each) == 26 for each in ids)
    assert masked_id("kim@naver.com") in ids
    for plain in ("r1", "20240101-17", "h-0123456789ab", "10123456789", "상품평 12"):
        assert masked_id(plain) == plain
