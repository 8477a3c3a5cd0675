"""Korean files come in several encodings, and one broken line must not change the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from file_reading import read, source, stored, write

from domain.errors import FileUnreadable
from sources.file_encoding import find_encoding, known_encoding

TABLE = "번호,내용,평점\n1,배송이 빨라요 정말 좋네요,5\n2,색이 사진과 달라요,2\n"
TEXTS = ["배송이 빨라요 정말 좋네요", "색이 사진과 달라요"]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp949", "cp949"),
        ("euc-kr", "cp949"),
        ("utf-16", "utf-16-le"),
        ("utf-32", "utf-32-le"),
    ],
)
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_the_encoding_is_found(tmp_path: Path, name: str, encoding: str, found: str) -> None:
    path = write(tmp_path / name, TABLE.encode(encoding))
    whole = read(path, batch_rows=1)
    assert whole.texts == TEXTS
    assert whole.last.cursor["encoding"] == found
    assert read(path, stored(whole.batches[0].cursor)).texts == TEXTS[1:]


def test_big_endian_utf16_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", b"\xfe\xff" + TABLE.encode("utf-16-be"))
    assert read(path).texts == TEXTS


def test_utf16_without_a_mark_is_read_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", TABLE.encode("utf-16-le"))
    assert read(path, encoding="utf-16").texts == TEXTS


def test_a_lone_surrogate_in_utf16_refuses_its_row_only(tmp_path: Path) -> None:
    raw = (
        TABLE.encode("utf-16-le")
        + b"3\x00,\x00\x00\xd8,\x005\x00\n\x00"
        + "4,끝,1\n\x00".encode("utf-16-le")[:-1]
    )
    whole = read(write(tmp_path / "t.csv", b"\xff\xfe" + raw))
    assert whole.texts[:2] == TEXTS
    assert ("undecodable", "row 4") in whole.reasons


def test_one_broken_line_leaves_a_utf8_file_utf8() -> None:
    head = TABLE.encode() + "3,깨진 줄,1\n".encode("cp949")
    assert find_encoding(head, whole=True) == "utf-8"


def test_latin1_is_not_taken_for_korean() -> None:
    head = "id,text\n1,café résumé naïve\n2,señor años\n".encode("latin-1")
    assert find_encoding(head, whole=True) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
@pytest.mark.parametrize("cut", range(1, 7))
def test_a_head_cut_inside_a_character_is_no_damage(encoding: str, cut: int) -> None:
    whole_line = ("가나다라마바사아자차카타파하" * 20).encode(encoding)
    assert find_encoding(whole_line[:-cut], whole=False) == encoding


def test_the_encoding_asked_for_is_used(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "id,text\n1,très bien\n".encode("latin-1"))
    assert read(path, encoding="latin-1").texts == ["très bien"]


@pytest.mark.parametrize("name", ["nonsense", "base64", "cp037", "undefined", "a\x00b", ""])
def test_an_encoding_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "t.csv", TABLE)
    with pytest.raises(FileUnreadable):
        list(source(path, encoding=name).batches(None))


def test_names_of_one_encoding_are_one() -> None:
    assert {known_encoding(name) for name in ("UTF8", "utf-8-sig", "utf_8")} == {"utf-8"}
