"""Personal data in what is put aside: whole records of any shape, and ids that are somebody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from domain.masking.kinds import MARKERS, PersonalData
from domain.masking.masker import is_personal, mask

#: A field of such a name holds nothing else, in whatever form: a number without its first 0.
_FIELDS = (
    (PersonalData.PHONE, r"phone|mobile|\btel\b|tel_?(?:no|num)|전화|연락처|휴대폰|핸드폰"),
    (PersonalData.EMAIL, r"e-?mail|이메일|메일\s?주소"),
    (PersonalData.ADDRESS, r"^addr|street_?address|(?:postal|shipping|delivery)_?addr|주소|배송지"),
    (PersonalData.ACCOUNT, r"bank_?account|account_?(?:no|num)|iban|계좌"),
    (PersonalData.RESIDENT_NUMBER, r"resident|\bssn\b|rrn|주민|외국인등록"),
    (PersonalData.ORDER_NUMBER, r"order_?(?:no|num|id)|주문\s?(?:번호|no)"),
    (PersonalData.CARD, r"card_?(?:no|num)|카드\s?번호"),
)
_NAMED = re.compile("|".join(f"(?P<{kind}>{names})" for kind, names in _FIELDS), re.IGNORECASE)
#: JSON may write any character so; its digits would hide the numbers beside it.
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_MOBILE = re.compile(r"(?:0|82)1[016789]\d{7,8}")
#: What a message quotes of a raw value, and what is looked at for it.
_EXCERPT, _LOOKED_AT = 40, 400
#: Deeper than any record that a store takes; what is deeper is kept as text before it comes here.
_DEEPEST = 60


def masked_record(record: Any) -> Any:
    """Return a record with all its strings masked, keys too, its shape as it was.

    A value that its key names as personal data goes whole.
    """
    return _masked(record, _DEEPEST)


def _masked(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return masked_raw(value)
    if isinstance(value, bytes) or (not levels and isinstance(value, Mapping | list | tuple)):
        return masked_raw(str(value))
    if isinstance(value, Mapping):
        return {_key(key): _field(key, inner, levels - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner, levels - 1) for inner in value]
    return value


def _key(key: Any) -> Any:
    return mask(key).text if isinstance(key, str) else key


def _field(key: Any, value: Any, levels: int) -> Any:
    named = _NAMED.search(key) if isinstance(key, str) else None
    if named is None or value in (None, "") or isinstance(value, Mapping | list | tuple | bool):
        return _masked(value, levels)
    return MARKERS[PersonalData(named.lastgroup or "")]


def masked_raw(text: str) -> str:
    """Return a text that may be a piece of JSON, masked; unescaped if that brings anything out."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text
    masked = mask(plain)
    return masked.text if masked.kinds else mask(text).text


def excerpt(raw: object) -> str:
    """Return the beginning of a raw value for a message, masked before it is cut."""
    return mask(str(raw)[:_LOOKED_AT]).text[:_EXCERPT]


def is_personal_id(review_id: str) -> bool:
    """Whether an id is personal data, such as an e-mail address.

    A plain number is one that the shop counts by, unless it is that of a mobile telephone.
    """
    counted = review_id.isdecimal() and not _MOBILE.fullmatch(review_id)
    return not counted and is_personal(review_id)


def is_personal_url(url: str) -> bool:
    """Whether an address of the web holds personal data, also in its escaped form."""
    return is_personal(url) or ("%" in url and is_personal(unquote(url)))
