"""Phone numbers: Korean ones however they are written, others in their international form.

Whether a number can be one at all is for the `phonenumbers` library to say. Mobile numbers need
no such check. Numbers of companies alone (1588-…, 080-…, +1 800 …) are no personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.masking.plain import GAP, Span, is_in_code, is_in_url, scan

_NOT_AFTER_DIGIT, _NOT_BEFORE_DIGIT = "(?<![0-9])", "(?![0-9])"
_MOBILE = re.compile(
    rf"""
    {_NOT_AFTER_DIGIT}
    (?:
        # 010-1234-5678, +82 10 1234 5678, 82 (0)10-…
        (?: \(?0 | (?:\+|00)?82{GAP}0?{GAP} ) 1[016789] {GAP}[0-9]{{3,4}} {GAP}[0-9]{{4}}
        # 0 1 0 - 1 2 3 4 - 5 6 7 8
      | 0[\s.\-]{{1,3}}1[\s.\-]{{1,3}}[016789] (?:{GAP}[0-9]){{7,8}}
    )
    {_NOT_BEFORE_DIGIT}
    """,
    re.VERBOSE,
)
_NUMERAL = "[0-9공영일이삼사오육륙칠팔구]"
_SPOKEN_NUMERAL = "[공영일이삼사오육륙칠팔구]"
#: 공일공 일이삼사 오육칠팔, 공1공-1234-5678, 010 일이삼사 오육칠팔.
_SPOKEN = re.compile(
    rf"""
    {_NOT_AFTER_DIGIT}
    (?= [공영]{GAP}[일1] | 0{GAP}일 | 0{GAP}1{GAP}[공영육륙칠팔구]
      | 0{GAP}1{GAP}[016789]{GAP}{_SPOKEN_NUMERAL} )
    [0공영]{GAP}[1일]{GAP}[0공영1일6육륙7칠8팔9구] (?:{GAP}{_NUMERAL}){{7,8}}+
    {_NOT_BEFORE_DIGIT}
    """,
    re.VERBOSE,
)
#: In each text in which that rule finds anything.
SPOKEN_ANCHORS = tuple(
    rf"{first}{GAP}[1일]{GAP}[0공영1일6육륙7칠8팔9구]{GAP}{_NUMERAL}" for first in "0공영"
)
#: Area codes, internet telephones (070) and personal numbers (050x).
_FIXED = re.compile(
    rf"""
    (?<![0-9A-Za-z])(?<![0-9][.,\-])
    (?: \(?0 | (?:\+|00)82{GAP}0?{GAP} ) (?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[2-8])
    {GAP}[0-9]{{3,4}} {GAP}[0-9]{{4}}
    (?![0-9A-Za-z])
    """,
    re.VERBOSE,
)
_ABROAD = re.compile(
    rf"{_NOT_AFTER_DIGIT}(?:\+|\b00)[1-9][0-9]{{0,2}}(?:[\s.()\-]{{0,3}}[0-9]{{1,12}}){{2,6}}"
)
_AMERICAN = re.compile(
    r"(?<![\w.\-])(?:\([2-9][0-9]{2}\)\s?|[2-9][0-9]{2}[\-. ])[0-9]{3}[\-. ][0-9]{4}(?![\w\-])"
)
_LAST_GROUP = re.compile(r"[\s.()\-]+[0-9]+\Z")
_FEWEST_ABROAD, _MOST_ABROAD = 8, 15


def find_mobiles(text: str) -> Iterator[Span]:
    """Yield the mobile numbers of a plain text."""
    yield from scan(_MOBILE, text, _mobile)


def find_spoken(text: str) -> Iterator[Span]:
    """Yield the mobile numbers that are written, in whole or in part, as they are spoken."""
    yield from (found.span() for found in _SPOKEN.finditer(text))


def find_abroad(text: str) -> Iterator[Span]:
    """Yield the numbers in international form of a plain text."""
    if "+" in text or "00" in text:
        yield from scan(_ABROAD, text, _abroad)


def find_fixed(text: str) -> Iterator[Span]:
    """Yield the numbers of Korean places of a plain text."""
    yield from scan(_FIXED, text, _fixed)


def find_american(text: str) -> Iterator[Span]:
    """Yield the numbers of a plain text in the form that North America writes."""
    yield from scan(_AMERICAN, text, _american)


def _mobile(found: re.Match[str]) -> Span | None:
    return None if is_in_code(found.string, found.span()) else found.span()


def _fixed(found: re.Match[str]) -> Span | None:
    if is_in_url(found.string, found.start()):
        return None
    return found.span() if _is_somebodys(found[0], "KR") else None


def _american(found: re.Match[str]) -> Span | None:
    return found.span() if _is_somebodys(found[0], "US") else None


def _abroad(found: re.Match[str]) -> Span | None:
    """Return the number, without groups of digits behind it that belong to what follows."""
    if is_in_url(found.string, found.start()):
        return None
    number, behind = found[0], found.string[found.end() : found.end() + 1]
    if behind.isdecimal():
        number = _LAST_GROUP.sub("", number)
    while sum(map(str.isdecimal, number)) >= _FEWEST_ABROAD:
        if sum(map(str.isdecimal, number)) <= _MOST_ABROAD and _is_somebodys(number, "KR"):
            return found.start(), found.start() + len(number)
        shorter = _LAST_GROUP.sub("", number)
        if shorter == number:
            break
        number = shorter
    return None


def _is_somebodys(number: str, region: str) -> bool:
    """Whether a number is in use, and by others than companies alone."""
    # Its tables take a fifth of a second to load, and most processes meet no such number.
    import phonenumbers

    number = "+" + number[2:] if number.startswith("00") else number
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    kinds = phonenumbers.PhoneNumberType
    companies = {kinds.TOLL_FREE, kinds.UAN, kinds.SHARED_COST, kinds.PREMIUM_RATE}
    return (
        phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) not in companies
    )
