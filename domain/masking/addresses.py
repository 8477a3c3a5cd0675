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
    r"(?:(?:점|개월?|[만천백억]?원|번째?|시간?|분|초|년|월|일|주일?|살|세|배|회차?|차|위|등급?|편|명|인[분용]?"
    r"|권|장|곡|박|대|층|만|천|백|억|퍼센트|프로|코스|호[선점차기]?|구간?|군데|곳|고지|마리|세트|셋트|봉지?|판|잔|병"
    r"|그릇|켤레|벌|채|종류?|가지|단계?|겹|중|팩|박스|묶음|통|줄|짝|쌍|인치|센[치티]|미터|킬로|키로|그램|리터|도"
    r"|출구|번출구|탄|기|부|화|승|패|골|조각|입|포|캔|알|정거장|정류장|정|바퀴|자리|매|루트)"
    r"(?:[은는이가을를에도만의로째쯤씩]|에서|정도|동안|만에|짜리|이상|이나|으로|까지|부터|이에요|예요|입니다)?"
    r"(?![가-힣])|(?:kg|g|ml|l|cm|mm|m|km|cc|gb|tb|x|pcs|ea)\b|[%℃°+*×=~/])"
)
#: What follows the number of a house: a particle, a sign, a blank; nothing that it would count.
_PARTICLE = (
    r"(?:(?:으?로|에서?|은|는|과|와|의|까지|부터|쪽|앞|옆)[는도]?(?![가-힣])"
    r"|(?:이에요|예요|에요|입니다|이고|이며|이랍|인데|이요|요(?![가-힣])|이라|이[가는]?(?![가-힣])))"
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
_END = (
    rf"(?=\Z|\n|[ㄱ-ㅎㅏ-ㅣ]|{_PARTICLE}|\s{{1,2}}(?!{_COUNTED})|,\s?(?:{_HOUSE}|{_FLAT}|{_ROOM})"
    r"|[.,:~/](?!\s?[0-9])|[^\w\s%℃°+*×=~.,:/\-\u20a0-\u20cf\u3380-\u33ff])"
)
#: 구, 읍, 면, 동 and 리 between the town and the street; no more than an address has.
_PARTS = r"(?:[가-힣0-9]{1,8}[시군구읍면동리가]\s{0,2}){0,4}"
#: The last part before a lot; 안동 and 구리 are towns themselves, and 구리 is copper.
_LOT = (
    r"(?:(?!(?:안동|구리)(?![가-힣]))[가-힣0-9]{1,8}[동리]|[가-힣]{1,7}[0-9]{1,2}가)"
    r"\s?(?:산\s?)?"
)
_NO_STREET = r"(?<!으로)(?<!별로)(?<!바로)(?<!새로)(?<!서로)(?<!따로)(?<!제대로)(?<!그대로)"

_IN_TOWN = re.compile(
    rf"""
    (?:(?<![가-힣])|(?<=[은는이가])) (?:(?:{_TOWNS})[\s,]{{0,2}}){{1,4}} {_PARTS}
    (?: [가-힣0-9.]{{1,12}}(?:로|길){_NO_STREET} \s{{0,2}}
        (?:[0-9]{{1,4}}번?[가나다라]?길\s{{0,2}})?
      | {_LOT} )
    {_NUMBER} {_END} {_DETAIL}
    """,
    re.VERBOSE,
)
_FLAT_ALONE = re.compile(rf"(?<![0-9A-Za-z가-힣]){_HOUSE}\s{{0,2}}{_FLAT}|(?<![0-9A-Za-z]){_FLAT}")
_STREET_AND_FLAT = re.compile(
    rf"""
    (?<![가-힣]) [가-힣0-9.]{{1,12}}(?:로|길|동|리){_NO_STREET} \s{{0,2}}
    (?:[0-9]{{1,4}}번?길\s{{0,2}})? {_NUMBER} [\s,]{{0,2}}
    (?:{_HOUSE}[\s,]{{0,2}})? (?:{_FLAT}|{_ROOM})
    """,
    re.VERBOSE,
)

#: In each text in which these rules find anything: quick to see that "별로 10점" is none.
ANCHOR = (
    rf"[0-9](?:호{_NO_SHOP}|층|(?:(?<=[로길동리가산][0-9])|(?<=[로길동리가산]\s[0-9])"
    rf"|(?<=[로길동리가산]\s\s[0-9]))[0-9]{{0,3}}(?:-[0-9]{{1,4}})?(?:번지)?{_END})"
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
