"""E-mail addresses, also those that avoid the sign, and names in messengers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

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
    | (?<![가-힣]) [가-힣]{{2,10}} @
      (?:[A-Za-z0-9\-]{{1,63}}+\.){{1,3}} (?:com|net|org|kr) (?![A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Those that begin alike stand together.
_MESSENGERS = (
    "카카오톡|카톡|카카오|텔레그램|텔레|위챗|왓츠앱|라인|디스코드|인스타그램|인스타"
    "|kakao\\s?talk|kakao|telegram|wechat|whatsapp|instagram|insta|discord"
)
_ID = r"(?:아이디|계정|id(?![A-Za-z]))"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._\-]{2,39}(?<![._\-])(?![A-Za-z0-9])"
#: What stands behind "Kakao ID" and is no name.
_NO_NAME = (
    r"(?!(?:login|log|sign|card|check|verification|required|please|password|number|is|was|and|or|for"
    r"|the|to|not|only|that|this|with|which|via)\b)"
)
#: A model, an app or a size: none of these is somebody.
_MODELS = (
    r"(?:iphone|ipad|ipod|galaxy|ios|android|windows?|win|pc|ver|version|top|live|best|event|sale"
    r"|sony|canon|nikon|lg|sm|note|tab|watch|buds|airpods?|pro|max|mini|plus|cafe|type|usb|size"
    r"|xl|xxl|vol|part|season|chapter|day|no|room|ch|mp|ps|rtx|gtx)[\-_.]?[0-9]"
)
_NUMBERED = rf"(?=[A-Za-z._\-]{{1,30}}[0-9]){_NAME}"
#: "카톡 iphone15 알림" names no one: a name after nothing but a blank has somebody to write to it.
_WRITTEN_TO = (
    r"(?=\s{0,2}(?:\Z|\n|[.!?,)~]|(?:으?로|이?에요|예요|입니다|이요|요|인데)(?![가-힣])"
    r"|연락|문의|추가|친추|친구|검색|메시지|메세지|주세요|톡\s?주))"
)
#: 카톡 아이디는 abc_def, kakao id: abc; 카톡 abc123 where the name has a digit.
_MESSENGER = re.compile(
    rf"""
    (?<![A-Za-z]) (?:{_MESSENGERS}) (?:(?![A-Za-z])|(?={_ID})) \s?
    (?: {_ID} \s?(?:은|는|이|가|is\b)?\s?[:=\-]?\s? {_NO_NAME} (?P<name>{_NAME})
      | \s?[:=\-]\s? (?P<numbered>{_NUMBERED})
      | \s? (?!{_MODELS}) (?P<bare>(?=[A-Za-z._\-]{{2}}){_NUMBERED}) {_WRITTEN_TO}
    )
    | (?P<room>open\.kakao\.com/[A-Za-z0-9/]{{2,60}}+)
    """,
    re.VERBOSE | re.IGNORECASE,
)

#: As `re.IGNORECASE` takes them.
_SAME = {letter: letter + letter.upper() for letter in "twd"} | {
    "k": "kK\u212a",
    "i": "iI\u0130\u0131",
}
#: Names of messengers that begin alike.
_ALIKE = {
    first: "|".join(name[1:] for name in names)
    for first, names in groupby(_MESSENGERS.split("|"), key=itemgetter(0))
}
#: One of these is in each text in which these rules find anything; they need no digit. None begins
#: with a choice or a letter in either case: an expression of them all is quick to look.
ANCHORS = (
    "@",
    "골뱅이",
    *(rf"{re.escape(bracket)}\s?(?i:앳|at)" for bracket in "([{<"),
    *(
        rf"{same}(?i:{rest})(?:\s?\s?[:=\-]?\s?(?i:아이디|계정|[A-Z])|\.)"
        for first, rest in _ALIKE.items()
        for same in _SAME.get(first, first)
    ),
)


def find_emails(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses of a plain text."""
    yield from (found.span() for found in _EMAIL.finditer(text))


def find_messengers(text: str) -> Iterator[Span]:
    """Yield the names in messengers of a plain text, without the messenger's own name."""
    for found in _MESSENGER.finditer(text):
        yield found.span(found.lastgroup or 0)
