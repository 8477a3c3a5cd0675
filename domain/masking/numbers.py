"""Numbers that stand for a person: of residents, cards, bank accounts and orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.masking.plain import WALL, Span, digits_of, is_in_code, is_in_url, scan

_RESIDENT = re.compile(
    r"""
    (?<![0-9]) (?P<born>[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))
    (?P<gap>[\s.~\-]{0,3}) (?P<sex>[1-8]) (?P<rest>[0-9]{6}|[0-9]{0,5}[*●○xX]{1,6}) (?![0-9*])
    """,
    re.VERBOSE,
)
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_RESIDENT_DIGITS, _REST_CHARS = 13, 6

#: Fours, American Express's 4-6-5, or a bare run; the first digit is a card company's.
_CARD = re.compile(
    r"(?<![0-9])(?<![0-9][.\-])(?:[2-69][0-9]{3}([ .\-]{1,3})[0-9]{4}\1[0-9]{4}\1[0-9]{3,4}"
    r"|3[47][0-9]{2}([ .\-])[0-9]{6}\2[0-9]{5}|[2-69][0-9]{15}|3[47][0-9]{13})(?![0-9])"
)

_BANKS = (
    "국민|KB|신한|우리|하나|농협|NH|기업|IBK|카카오뱅크|카뱅|토스뱅크|토스|케이뱅크|SC제일|제일"
    "|씨티|한국씨티|새마을금고|새마을|신협|우체국|수협|산업|KDB|부산|대구|아이엠|iM|광주|전북|제주"
    "|경남|산림조합|저축|외환|한미|상호저축"
)
_SURE = "계좌번호|계좌|예금주|입금|송금|이체|무통장|환불받을|account\\s?(?:number|no\\.?|\\#)?"
_DASHED = r"[0-9]{2,8}(?:-[0-9]{1,8}){1,4}"
_SPACED = r"[0-9]{2,16}(?:[\- ]{1,3}[0-9]{1,8}){0,4}"
_IN_FULL = rf"(?:(?:{_BANKS}|카카오|케이)(?:은행|뱅크|증권)|카뱅|케뱅|토뱅)"
_NO_SUM = r"(?![0-9\-]|\s?원(?:[은는이을에도]|입니다|으로|짜리)?(?![가-힣]))"
#: An account beside a bank's name, or in a sentence that speaks of one.
_ACCOUNT = re.compile(
    rf"""
    (?: {_SURE} | {_IN_FULL} ) [^0-9\n{WALL}]{{0,20}} (?P<sure>{_SPACED}) {_NO_SUM}
    | (?:{_BANKS}) [^0-9\n{WALL}]{{0,6}} (?P<dashed>{_DASHED}) {_NO_SUM}
    | (?:{_BANKS}) \s?:?\s? (?P<bare>[0-9]{{10,16}}) {_NO_SUM}
    | (?<![0-9\-]) (?P<before>{_DASHED}|[0-9]{{10,16}})
        [\s,(]{{0,3}} (?: {_SURE} | (?:{_BANKS})(?![가-힣]) | {_IN_FULL} )
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: How far from an account its bank's name can be.
_NEAR = 40
_ACCOUNT_DIGITS = range(10, 17)
_DATE = re.compile(r"(?:19|20)[0-9]{2}[\- ](?:0?[1-9]|1[0-2])[\- ](?:0?[1-9]|[12][0-9]|3[01])\b")

_ORDERS = "주문|오더|송장|운송장|예약|결제|거래|접수"
_ORDERS_ABROAD = "order|tracking|invoice|booking|reservation"
#: In each text in which the rule finds a number of less than ten digits.
ORDER_ANCHOR = f"{_ORDERS}|{_ORDERS_ABROAD}"
_IS = r"\s? (?:은|는|이|가|:|=|-|is\b|was\b){0,2} \s? [(\[]?\s?\#?"
_ORDER = re.compile(
    rf"""
    (?: (?:{_ORDERS}) \s?(?:번호|넘버|no\b\.?|num\b|\#|id\b)
      | \b(?:{_ORDERS_ABROAD}) \s?
        (?: (?:number|num|no|id)\b\.? \s?\#? | \# )
    )
    {_IS}
    (?P<token> [A-Za-z0-9](?:[A-Za-z0-9]|[_\-]{{1,2}}(?=[A-Za-z0-9])){{3,39}}+ ) (?![A-Za-z0-9])
    | (?: 송장 | 등기 | 택배 | 대한통운 ) {_IS}
      (?P<parcel> [0-9]{{10,14}} | [0-9]{{3,6}}-[0-9]{{3,5}}-[0-9]{{3,5}} ) (?![0-9\-]|\s?원)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FEWEST_ORDER_DIGITS = 4


def find_residents(text: str) -> Iterator[Span]:
    """Yield residents' and foreigners' registration numbers, also those half starred out."""
    yield from scan(_RESIDENT, text, _resident)


def _resident(found: re.Match[str]) -> Span | None:
    sex, rest = int(found["sex"]), found["rest"]
    if len(rest) != _REST_CHARS or not _was_born(found["born"], sex):
        return None
    if not found["gap"] and rest.isdecimal() and not _is_bare_resident(found):
        return None
    if not found["gap"] and _is_an_account(found):
        return None
    return found.span()


def _was_born(born: str, sex: int) -> bool:
    century = 1900 if sex in {1, 2, 5, 6} else 2000
    try:
        date(century + int(born[:2]), int(born[2:4]), int(born[4:]))
    except ValueError:
        return False
    return True


def _is_bare_resident(found: re.Match[str]) -> bool:
    """Whether thirteen digits in a row are no barcode (880… is Korea's) and no page's number."""
    digits = found[0]
    if is_in_url(found.string, found.start()) or is_in_code(found.string, found.span()):
        return False
    total = sum(int(d) * weight for d, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    is_checked = (11 - total % 11) % 10 == int(digits[-1])
    barcode = sum(int(digit) * (3 if n % 2 else 1) for n, digit in enumerate(digits)) % 10 == 0
    return is_checked or not barcode


def _is_an_account(found: re.Match[str]) -> bool:
    """Whether digits in a row stand by a bank's name or the like: its word wins."""
    start = max(0, found.start() - _NEAR)
    near = found.string[start : found.end() + _NEAR]
    span = found.start() - start, found.end() - start
    return any(account == span for account in find_accounts(near))


def find_cards(text: str) -> Iterator[Span]:
    """Yield card numbers: those whose last digit checks the others (Luhn)."""
    yield from scan(_CARD, text, _card)


def _card(found: re.Match[str]) -> Span | None:
    digits = [int(digit) for digit in reversed(digits_of(found[0]))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    if (sum(digits[::2]) + sum(doubled)) % 10 or is_in_url(found.string, found.start()):
        return None
    return None if is_in_code(found.string, found.span()) else found.span()


def find_accounts(text: str) -> Iterator[Span]:
    """Yield account numbers that stand by a bank's name or a word such as 계좌."""
    yield from scan(_ACCOUNT, text, _account)


def _account(found: re.Match[str]) -> Span | None:
    number = found[found.lastgroup or 0]
    if len(digits_of(number)) not in _ACCOUNT_DIGITS or _DATE.match(number):
        return None
    return found.span(found.lastgroup or 0)


def find_orders(text: str) -> Iterator[Span]:
    """Yield the numbers of orders, parcels and bookings that are called so."""
    yield from scan(_ORDER, text, _order)


def _order(found: re.Match[str]) -> Span | None:
    name = found.lastgroup or ""
    enough = len(digits_of(found[name])) >= _FEWEST_ORDER_DIGITS
    return found.span(name) if enough else None
