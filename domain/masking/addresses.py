"""Postal addresses of Korea: by street (…구 …로 12), lot (…구 …동 123-4), flat (101동 1203호).

A street or lot counts as an address only behind a town that there is, or with a flat: "별로 10점"
and "진짜로 3번" read just like a street and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.masking.places import CITIES, DISTRICTS, PROVINCES
from domain.masking.plain import Span

_TOWNS = rf"{PROVINCES}|(?:{CITIES})시?|{DISTRICTS}"
#: What a number counts, when it is not one of a house.
_COUNTED = (
    r"\s?(?:점|개|원|번(?!지|길)|시(?!$)|분|초|년|월|일|주|살|세|배|회|차|위|등|편|명|인|권|장|곡|박|대|층"
    r"|만|천|백|억|퍼|프로|%|,\d|\.\d|:\d|~|kg|g\b|ml|l\b|cm|mm|m\b|km|℃|도\b)"
)
_NO_SHOP = "(?!점|선|차|기|봉|실)"
_FLAT = (
    r"(?:제?[0-9]{1,4}|(?<![가-힣])[A-Za-z가나다라마바])동[\s,]{0,2}"
    rf"(?:제?\s?[A-Za-z]?[0-9]{{1,5}})호{_NO_SHOP}"
)
_ROOM = (
    r"(?:(?:지하\s?|B)?[0-9]{1,3}층(?:\s{0,2}[A-Za-z]?[0-9]{1,5}호)?"
    rf"|[A-Za-z]?[0-9]{{2,5}}호{_NO_SHOP})"
)
_HOUSES = (
    "아파트|APT|빌라|오피스텔|타워|맨션|맨숀|연립|주택|빌딩|상가|단지|마을|타운|하이츠|팰리스|캐슬|파크|빌"
    "|래미안|자이|푸르지오|힐스테이트|더샵|아이파크|에스케이뷰|SK뷰|센트레빌|위브|주공|휴먼시아|포레|시티"
    "|하우스|파밀리에|데시앙|스위첸|어울림|편한세상|그린|블루|리버|센트럴|프라임|한신|현대|삼성|우성|대림"
)
_HOUSE = rf"[가-힣A-Za-z0-9]{{0,12}}?(?:{_HOUSES})(?:\s?[0-9]{{1,2}}(?:차|단지))?(?:\s?아파트)?"
_DETAIL = (
    rf"(?:[\s,]{{0,2}}\([^()\n\x00]{{1,30}}\))?(?:[\s,]{{0,2}}{_HOUSE})?"
    rf"(?:[\s,]{{0,2}}(?:{_FLAT}|{_ROOM}))?"
)
_NUMBER = r"[0-9]{1,4}(?:-[0-9]{1,4})?(?:번지)?(?![0-9])"
#: 구, 읍, 면, 동 and 리 between the town and the street; no more than an address has.
_PARTS = r"(?:[가-힣0-9]{1,8}[시군구읍면동리가]\s{0,2}){0,4}"
_NO_STREET = r"(?<!으로)(?<!별로)(?<!바로)(?<!새로)(?<!서로)(?<!따로)(?<!제대로)(?<!그대로)"

_IN_TOWN = re.compile(
    rf"""
    (?:(?<![가-힣])|(?<=[은는이가])) (?:(?:{_TOWNS})[\s,]{{0,2}}){{1,4}} {_PARTS}
    (?: [가-힣0-9.]{{1,12}}(?:로|길){_NO_STREET} \s{{0,2}}
        (?:[0-9]{{1,4}}번?[가나다라]?길\s{{0,2}})?
      | (?:(?<=동)|(?<=동\ )|(?<=리)|(?<=리\ )|(?<=가)|(?<=가\ )) (?:산\s?)? )
    {_NUMBER} (?!{_COUNTED}) {_DETAIL}
    """,
    re.VERBOSE,
)
_FLAT_ALONE = re.compile(rf"(?<![0-9A-Za-z가-힣]){_HOUSE}\s{{0,2}}{_FLAT}|(?<![0-9A-Za-z]){_FLAT}")
_STREET_AND_FLAT = re.compile(
    rf"""
    (?<![가-힣]) [가-힣0-9.]{{1,12}}(?:로|길|동|리) \s{{0,2}} (?:[0-9]{{1,4}}번?길\s{{0,2}})?
    {_NUMBER} [\s,]{{0,2}} (?:{_HOUSE}[\s,]{{0,2}})? (?:{_FLAT}|{_ROOM})
    """,
    re.VERBOSE,
)


def find_in_towns(text: str) -> Iterator[Span]:
    """Yield the addresses of a plain text that name a town there is."""
    yield from (found.span() for found in _IN_TOWN.finditer(text))


def find_on_streets(text: str) -> Iterator[Span]:
    """Yield the addresses of a plain text that name a street and a flat or a floor."""
    yield from (found.span() for found in _STREET_AND_FLAT.finditer(text))


def find_flats(text: str) -> Iterator[Span]:
    """Yield the flats of a plain text, with the house before them."""
    yield from (found.span() for found in _FLAT_ALONE.finditer(text))
