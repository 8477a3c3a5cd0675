"""Masking: what is personal data, what only looks like it, and what holds for any text."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from masking_samples import ORDINARY, PERSONAL
from masking_sentences import SENTENCES

from domain.masking import (
    MARKERS,
    PersonalData,
    is_personal,
    mask,
    masked_record,
)
from domain.masking.masker import _find
from domain.rejections import Rejected, RejectReason
from domain.reviews import build_review, derive_review_id

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
        *(
            "텔레그램 ",
            "KaKao ",
            "insta",
            "\u212aakao",
            "{AT}",
            "앳)",
            "송장 ",
            "영",
            "산 ",
            "1가 ",
        ),
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
    *("홍길동@", "카톡 a", "kakao ", "라인:", "서울 동리", "동리구", "서울 1로", "송장 1-", "(at"),
    *("공 ", "0일", "테헤란로 1 ", "서울 강남구 역삼동 1 "),
)
#: How the same is written otherwise.
CASES = (str, str.upper, str.swapcase)
_WIDE = {0x21 + n: 0xFF01 + n for n in range(94)}
_WIDTHS: tuple[dict[int, int | str], ...] = (
    {},
    {**_WIDE},
    {ord("0"): "⓪", ord("1"): "①", ord("2"): "②", ord("3"): "③"},
)
WIDTHS = [lambda text, table=table: text.translate(table) for table in _WIDTHS]
_BLANKS = (" ", "", "\u00a0", "\u200b ")
GAPS = [lambda text, blank=blank: text.replace(" ", blank) for blank in _BLANKS]
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize(("kind", "text", "rest"), PERSONAL)
def test_personal_data_is_masked(kind: PersonalData, text: str, rest: str) -> None:
    assert mask(text) == (rest.replace("*", MARKERS[kind], 1), (kind,))


@pytest.mark.parametrize("text", ORDINARY + SENTENCES)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert mask(text) == (text, ())


@pytest.mark.parametrize("text", [text for _, text, _ in PERSONAL])
def test_the_quick_look_misses_nothing(text: str) -> None:
    changes = itertools.product(CASES, WIDTHS, GAPS)
    written = {gap(width(case(text))) for case, width, gap in changes}
    found = [each for each in written if _find(each)]
    assert text in found
    assert [each for each in found if not is_personal(each)] == []


@given(TEXTS | st.text())
def test_the_quick_look_at_any_text_misses_nothing(text: str) -> None:
    assert bool(_find(text)) == bool(mask(text).kinds) == is_personal(text)


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
        found = text.find(piece, at)
        assert found >= at
        at = found + len(piece)


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


def _id(raw: object, text: str = "좋아요") -> str:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    return build_review(review_id=raw, text=text, rating=5, created_at=now, now=now).review_id


def test_of_a_personal_id_nothing_is_kept() -> None:
    derived = derive_review_id("좋아요", 5.0, datetime(2024, 1, 1, tzinfo=UTC))
    for raw in (
        "kim@naver.com",
        "010-1234-5678",
        "01012345678",
        "821012345678",
        "kim(AT)naver.com",
    ):
        assert _id(raw) == derived
    assert _id("kim@naver.com", "별로예요") != derived


def test_what_a_shop_counts_by_stays_its_id() -> None:
    for raw in ("r1", "20240101-17", "h-0123456789ab", "10123456789", "상품평 12"):
        assert _id(raw) == raw


def test_a_personal_id_in_quarantine_is_a_marker() -> None:
    record = {"id": "kim@naver.com", "rating": "eleven"}
    refused = Rejected(RejectReason.RATING_NOT_A_NUMBER, "row 1: no number", "row 1", record)
    assert refused.record == {"id": "[✉]", "rating": "eleven"}
