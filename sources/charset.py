"""From bytes to text, whatever the page claims its charset to be.

Labels are tried in the order of trust: byte order mark, HTTP header, the page's own meta
element. A label is believed only if the whole body decodes under it; then come CP949 and
detection.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from domain.errors import UndecodableText

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding="
    rb"[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
#: Where HTML wants its meta element to be; the standard says 1024, pages say otherwise.
_META_BYTES = 4096

#: CP949 holds all of EUC-KR and the syllables that pages labelled EUC-KR use besides.
_KOREAN = frozenset(
    {"euc-kr", "euckr", "euc_kr", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "ks_x_1001"}
    | {"korean", "windows-949", "ms949", "cp949", "uhc", "x-windows-949"}
)
#: Labels that servers set without looking; nearly any bytes "decode" under them.
_WEAK = frozenset({"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"})
#: Of Python's codecs those that are charsets of pages: not "utf-7", "punycode" or "rot13".
_CHARSET = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|johab|shift_jis\w*|euc_\w+|"
    r"iso2022_\w+|big5\w*|gb\w+|hz|tis-620"
)
_DETECTED = ["cp949", "johab", "shift_jis", "euc_jp", "gb18030", "big5", "utf_16_le", "utf_16_be"]
_DETECTED += ["cp1252", "cp1251"]
#: Bytes of a body that detection looks at.
_SAMPLE = 64 * 1024

_EAST_ASIAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
#: Damaged characters a page in a known charset may have: this many, or one in a thousand.
_FEW_BROKEN, _BROKEN_SHARE = 3, 0.001


def decode(body: bytes, *, header: str | None = None) -> tuple[str, str]:
    """Return the text and the name of the charset it was in; `header` is what HTTP claims.

    Raises:
        UndecodableText: the bytes are text in no charset we know.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            text = _strict(body[len(mark) :], name)
            if text is not None:
                return text, name
    labels = list(_labels(body, header))
    for name in (*_trusted_first(labels, body), *labels):
        text = _strict(body, name)
        if text is not None and not _looks_binary(text):
            return text, name
    found = _slightly_broken(body, labels) or _korean(body) or _detected(body)
    if found is None:
        claimed = f" (it claims {header})" if header else ""
        raise UndecodableText(f"the page is text in no charset we know{claimed}")
    return found


def _labels(body: bytes, header: str | None) -> Iterator[str]:
    meta = _META.search(body[:_META_BYTES])
    claimed = (meta[1] or meta[2]).decode("ascii") if meta else None
    for label in (header, claimed):
        name = _python_name(label) if label else None
        if name:
            yield name


def _python_name(label: str) -> str | None:
    label = label.lower()
    if label in _KOREAN:
        return "cp949"
    if label in _WEAK:
        return "cp1252"
    try:
        codec = codecs.lookup(label)
    except LookupError:
        return None
    return codec.name if _CHARSET.fullmatch(codec.name) else None


def _trusted_first(labels: list[str], body: bytes) -> list[str]:
    """Return charsets to try before the labels: what the bytes say more surely than those."""
    first = []
    utf8 = _strict(body, "utf-8")
    if utf8 is not None and (not labels or "cp1252" in labels or _EAST_ASIAN.search(utf8)):
        first.append("utf-8")  # text of other charsets is hardly ever valid UTF-8 by chance
    elif "cp1252" in labels and _korean(body):
        first.append("cp949")
    return first


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, ValueError):
        return None


def _looks_binary(text: str) -> bool:
    head = text[:_SAMPLE]
    return len(_CONTROL.findall(head)) > max(20, len(head) // 100)


def _slightly_broken(body: bytes, labels: list[str]) -> tuple[str, str] | None:
    """Return the text under a claimed multi-byte charset if only a few characters are damaged."""
    for name in labels:
        if name == "cp1252":
            continue
        text = body.decode(name, errors="replace")
        broken = text.count("\ufffd")
        allowed = max(_FEW_BROKEN, int(len(text) * _BROKEN_SHARE))
        whole = sum(1 for char in text if char > "\x7f") - broken
        if broken <= allowed and whole >= broken * 2 and not _looks_binary(text):
            return text, name
    return None


def _korean(body: bytes) -> tuple[str, str] | None:
    """Return the text under CP949 if it is text, and Korean for the most part."""
    text = _strict(body, "cp949")
    if text is None or _looks_binary(text):
        return None
    foreign = sum(1 for char in text if char > "\x7f")
    return (text, "cp949") if foreign and len(_HANGUL.findall(text)) * 2 > foreign else None


def _detected(body: bytes) -> tuple[str, str] | None:
    best = from_bytes(body[:_SAMPLE], cp_isolation=_DETECTED).best()
    if best is None:
        return None
    text = _strict(body, best.encoding)
    return (text, best.encoding) if text is not None and not _looks_binary(text) else None
