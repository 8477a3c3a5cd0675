"""Takes personal data out of a text, a readable sign in the place of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from domain.masking.addresses import ANCHOR as PLACES
from domain.masking.addresses import find_flats, find_in_towns, find_on_streets
from domain.masking.contacts import ANCHORS as CONTACTS
from domain.masking.contacts import find_emails, find_messengers
from domain.masking.kinds import MARKERS, PersonalData
from domain.masking.numbers import (
    ORDER_ANCHOR,
    find_accounts,
    find_cards,
    find_orders,
    find_residents,
)
from domain.masking.phones import (
    SPOKEN_ANCHORS,
    find_abroad,
    find_american,
    find_fixed,
    find_mobiles,
    find_spoken,
)
from domain.masking.plain import Span, digits_of, plain, walled


class Masked(NamedTuple):
    """A text without personal data, and what was in it, in the order of `PersonalData`."""

    text: str
    kinds: tuple[PersonalData, ...]


class _Rule(NamedTuple):
    kind: PersonalData
    find: Callable[[str], Iterator[Span]]
    #: A text with fewer digits has none of these.
    fewest_digits: int = 0


#: The surest first: what one has found, no later one looks at.
_RULES = (
    _Rule(PersonalData.EMAIL, find_emails),
    _Rule(PersonalData.RESIDENT_NUMBER, find_residents, 7),
    _Rule(PersonalData.CARD, find_cards, 14),
    _Rule(PersonalData.PHONE, find_mobiles, 10),
    _Rule(PersonalData.PHONE, find_spoken),
    _Rule(PersonalData.PHONE, find_abroad, 8),
    _Rule(PersonalData.PHONE, find_fixed, 9),
    _Rule(PersonalData.PHONE, find_american, 10),
    _Rule(PersonalData.ORDER_NUMBER, find_orders, 4),
    _Rule(PersonalData.ACCOUNT, find_accounts, 10),
    _Rule(PersonalData.ADDRESS, find_in_towns, 1),
    _Rule(PersonalData.ADDRESS, find_on_streets, 3),
    _Rule(PersonalData.ADDRESS, find_flats, 2),
    _Rule(PersonalData.MESSENGER, find_messengers),
)
#: What needs no digit, or one alone; each rule says by what it is known.
_ANCHOR = re.compile("|".join((*CONTACTS, *SPOKEN_ANCHORS)))
_DIGIT = re.compile("[0-9]")
#: So many digits are looked at whatever stands beside them; fewer need a word that they belong to.
_MANY_DIGITS = 7
_FEWEST_ORDER_DIGITS = 4
_PLACE = re.compile(PLACES)
_ORDER = re.compile(ORDER_ANCHOR, re.IGNORECASE)


def mask(text: str) -> Masked:
    """Return the text with a marker in place of each piece of personal data.

    Masking what is masked changes nothing. Takes time in proportion to the text's length.
    """
    if not _may_hold_any(plain(text)):
        return Masked(text, ())
    found: set[PersonalData] = set()
    # Once is nearly always enough: a marker may end a number that digits beside it had hidden.
    while spans := _find(text):
        found.update(kind for _, kind in spans)
        text = _replaced(text, spans)
    return Masked(text, tuple(kind for kind in PersonalData if kind in found))


def is_personal(text: str) -> bool:
    """Whether there is anything to mask; the first find is enough."""
    seen = plain(text)
    if not _may_hold_any(seen):
        return False
    return any(True for rule in _RULES for _ in rule.find(seen))


def _may_hold_any(seen: str) -> bool:
    """Whether the rules are worth asking of a plain text: for one review in a hundred, as a rule.

    True wherever one of them finds anything.
    """
    if _ANCHOR.search(seen) is not None:
        return True
    first = _DIGIT.search(seen)
    if first is None:
        return False
    digits = len(_DIGIT.findall(seen, first.start()))
    return (
        digits >= _MANY_DIGITS
        or _PLACE.search(seen, first.start()) is not None
        or (digits >= _FEWEST_ORDER_DIGITS and _ORDER.search(seen) is not None)
    )


def _find(text: str) -> list[tuple[Span, PersonalData]]:
    """Return the spans to mask, in order; none overlaps another."""
    rest = plain(text)
    digits = len(digits_of(rest))
    spans: list[tuple[Span, PersonalData]] = []
    for rule in _RULES:
        if digits < rule.fewest_digits:
            continue
        found = list(rule.find(rest))
        rest = walled(rest, found)
        spans += ((span, rule.kind) for span in found)
    return sorted(spans)


def _replaced(text: str, spans: list[tuple[Span, PersonalData]]) -> str:
    pieces: list[str] = []
    behind = 0
    for (start, end), kind in spans:
        pieces += (text[behind:start], MARKERS[kind])
        behind = end
    return "".join((*pieces, text[behind:]))
