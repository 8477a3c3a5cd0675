"""Text out of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UndecodableText
from sources.charset import decode

HANGUL = st.text(
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=20, max_size=80
)


@given(HANGUL)
def test_cp949_is_found_behind_any_label(text: str) -> None:
    body = text.encode("cp949")
    for label in ("utf-8", "euc-kr", "windows-949", "iso-8859-1", "no-such", None):
        assert decode(body, header=label)[0] == text


@given(HANGUL)
def test_utf8_is_found_behind_any_label(text: str) -> None:
    for label in ("utf-8", "euc-kr", "iso-8859-1", None):
        assert decode(text.encode(), header=label) == (text, "utf-8")


@given(st.binary(max_size=400), st.sampled_from(["utf-8", "euc-kr", "utf-7", "rot13", None]))
def test_any_bytes_are_text_or_named_undecodable(body: bytes, label: str | None) -> None:
    try:
        text, name = decode(body, header=label)
    except UndecodableText:
        return
    text.encode()  # no lone surrogates come out
    assert name not in {"utf-7", "rot13"}


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_beats_every_label(name: str) -> None:
    assert decode("정말 좋아요".encode(name), header="euc-kr")[0] == "정말 좋아요"


def test_western_pages_keep_their_letters() -> None:
    assert decode("Très joli café".encode("latin-1"), header="iso-8859-1")[0] == "Très joli café"


def test_the_meta_element_is_believed_when_the_header_is_silent() -> None:
    body = "<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>とても良い"
    assert decode(body.encode("shift_jis"))[0] == body
