"""Finding out which encoding a text file is in: Korean files come in four."""

from __future__ import annotations

import codecs

from domain.errors import FileUnreadable

#: A file that is mostly Hangul when read as CP949 is CP949; Latin-1 read so is mostly Hanja.
_HANGUL_SHARE = 0.5

#: UTF-32 before UTF-16: the one's mark begins with the other's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def find_encoding(head: bytes, *, whole: bool) -> str:
    """Return the encoding of a text by its first bytes; `whole`: they are all there are.

    A file is UTF-8 unless most of its lines are not, so one broken line does not change it.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    lines = head.split(b"\n")
    final = whole or len(lines) > 1
    if not whole and len(lines) > 1:
        lines.pop()  # cut somewhere, maybe inside a character
    lines = [line for line in lines if not line.isascii()]
    broken = sum(not _reads(line, "utf-8", final=final) for line in lines)
    if broken > len(lines) - broken and _is_korean(lines, broken, final=final):
        return "cp949"
    return "utf-8"


def known_encoding(name: str) -> str:
    """Return the plain name of an encoding a person asked for.

    Raises:
        FileUnreadable: there is no such encoding, or its lines cannot be told apart.
    """
    try:
        newline = "\n".encode(name)
        canonical = codecs.lookup(name).name
    except (LookupError, ValueError):
        raise FileUnreadable(f"there is no text encoding {name[:40]!r}") from None
    if is_wide(canonical):
        return canonical
    if newline not in {b"\n", codecs.BOM_UTF8 + b"\n"}:
        raise FileUnreadable(f"files in {canonical} are not read; save the file as UTF-8")
    return "utf-8" if canonical == "utf-8-sig" else canonical


def is_wide(encoding: str) -> bool:
    """Whether characters take two or four bytes, so that lines do not end in one byte."""
    return encoding.startswith(("utf-16", "utf-32"))


def _reads(line: bytes, encoding: str, *, final: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(line, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_korean(lines: list[bytes], broken_as_utf8: int, *, final: bool) -> bool:
    readable = [line for line in lines if _reads(line, "cp949", final=final)]
    if len(lines) - len(readable) >= broken_as_utf8:
        return False
    text = b"\n".join(readable).decode("cp949", "ignore")
    foreign = [letter for letter in text if not letter.isascii()]
    hangul = sum("가" <= letter <= "힣" or "ㄱ" <= letter <= "ㅣ" for letter in foreign)
    return hangul >= _HANGUL_SHARE * len(foreign)
