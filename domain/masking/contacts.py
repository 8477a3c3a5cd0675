"""E-mail addresses, also those that avoid the sign, and names in messengers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.masking.plain import Span

_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|앳|@|골뱅이)\s?[)\]}>]\s?|\s?골뱅이\s?)"
_DOT = r"(?:\.|\s?[(\[]?(?:점|닷|쩜|dot)[)\]]?\s?)"
#: Whose addresses are also written without what follows the dot.
_PROVIDERS = (
    "naver|gmail|daum|hanmail|nate|kakao|hotmail|outlook|yahoo|icloud"
    "|네이버|지메일|구글|다음|한메일|네이트|카카오|핫메일|아웃룩|야후"
)
_EMAIL = re.compile(
    rf"""
    (?<![A-Za-z0-9._%+\-])
    (?: [A-Za-z0-9._%+\-]++ @ | (?=[0-9._%+\-]*+[A-Za-z]) [A-Za-z0-9._%+\-]++ {_AT} )
    (?: (?:[A-Za-z0-9\-]{{1,63}}+\.){{1,5}} [A-Za-z]{{2,24}}
      | (?:{_PROVIDERS}) (?:{_DOT}(?:com|net|co{_DOT}kr|컴|넷|씨오)(?![a-z]))? (?![a-z])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MESSENGERS = (
    "카카오톡|카톡|카카오|텔레그램|텔레|위챗|왓츠앱|라인|디스코드|인스타그램|인스타"
    "|kakao\\s?talk|kakao|telegram|wechat|whatsapp|instagram|insta|discord"
)
_NAME = r"[A-Za-z0-9][A-Za-z0-9._\-]{2,39}(?<![._\-])(?![A-Za-z0-9])"
#: 카톡 아이디는 abc_def, kakao id: abc; 카톡 abc123 where the name has a digit.
_MESSENGER = re.compile(
    rf"""
    (?<![A-Za-z]) (?:{_MESSENGERS}) \s?
    (?: (?:아이디|계정|\bid\b) \s?(?:은|는|이|가|is\b)?\s?[:=\-]?\s? (?P<name>{_NAME})
      | \s?[:=\-]?\s? (?P<numbered>(?=[A-Za-z._\-]{{1,30}}[0-9]){_NAME})
    )
    | (?P<room>open\.kakao\.com/[A-Za-z0-9/]{{2,60}}+)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses of a plain text."""
    yield from (found.span() for found in _EMAIL.finditer(text))


def find_messengers(text: str) -> Iterator[Span]:
    """Yield the names in messengers of a plain text, without the messenger's own name."""
    for found in _MESSENGER.finditer(text):
        yield found.span(found.lastgroup or 0)
