"""Reviews as the sources hand them over, and the rules that make a record a review."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.masking import excerpt, is_personal_id, is_personal_url, mask
from domain.rating_scale import RatingScale
from domain.rejections import RecordRefused, Rejected, RejectReason

#: Stars are stored on this scale whatever the shop's own was.
RATING_MIN, RATING_MAX = 1.0, 5.0
#: Longer than any honest review; above it the record goes to quarantine.
MAX_TEXT_CHARS = 20_000
MAX_ID_CHARS = 200
MAX_URL_CHARS = 2000
#: Clocks differ; a review "from the future" by less than this is taken as now.
CLOCK_TOLERANCE = timedelta(days=1)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Review:
    """One review, cleaned. `rating` is on 1..5.

    `text` is NFC, without control characters, and without personal data.
    """

    review_id: str
    text: str
    rating: float | None = None
    created_at: datetime | None = None
    url: str | None = None
    #: What cleaning changed: "nul_removed", "surrogate_replaced".
    repairs: tuple[str, ...] = ()
    #: What was masked in the text: "phone", "email".
    masked: tuple[str, ...] = ()

    @property
    def content_hash(self) -> str:
        """Hash of what a card depends on: text and rating (16 bytes, hex)."""
        return hashlib.blake2b(f"{self.rating}\n{self.text}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Price:
    """A price seen on the product's page. `amount` in units of `currency` (ISO 4217)."""

    amount: str
    currency: str
    availability: str | None = None


@dataclass(frozen=True, slots=True)
class ProductInfo:
    """What the source says of the product."""

    name: str
    brand: str | None = None
    category: str | None = None
    image_url: str | None = None
    price: Price | None = None
    #: How many reviews the source claims to have.
    declared_reviews: int | None = None
    declared_rating: float | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that was not read, and why (`code` of the error)."""

    where: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """What one page, or one slice of a file, gave.

    `cursor` is JSON-able and opaque: handing it back to the source continues after this
    batch. `stopped_by` tells why the source ended before its own end, if it did.
    """

    reviews: tuple[Review, ...]
    rejected: tuple[Rejected, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    product: ProductInfo | None = None
    cursor: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False
    stopped_by: str | None = None
    pages: int = 1
    #: The scale that a file's ratings are read on, where it has any.
    rating_scale: RatingScale | None = None


def clean_text(raw: object) -> tuple[str, tuple[str, ...]]:
    """Return the text to store and the names of the repairs made to it.

    Raises:
        RecordRefused: not a string, or longer than `MAX_TEXT_CHARS`.
    """
    if raw is None:
        return "", ()
    if not isinstance(raw, str):
        raise RecordRefused(RejectReason.TEXT_NOT_TEXT, f"text is a {type(raw).__name__}")
    if len(raw) > MAX_TEXT_CHARS:
        message = f"text has {len(raw):,} characters, {MAX_TEXT_CHARS:,} are allowed"
        raise RecordRefused(RejectReason.TEXT_TOO_LONG, message)
    if raw.isprintable():
        # Most texts: the plain blank is the only white space a printable string can hold.
        text = unicodedata.normalize("NFC", raw)
        return (_SPACES.sub(" ", text) if "  " in text else text).strip(), ()
    return _repaired(raw)


def _repaired(text: str) -> tuple[str, tuple[str, ...]]:
    repairs: list[str] = []
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
        repairs.append("surrogate_replaced")
    if "\x00" in text:
        repairs.append("nul_removed")
    text = _CONTROL.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _BLANK_LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    return text, tuple(repairs)


def clean_rating(raw: object, *, best: float = RATING_MAX, worst: float = 1.0) -> float | None:
    """Return the rating on 1..5, or None where there is none.

    Raises:
        RecordRefused: not a number, NaN, or outside worst..best.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        value = float(raw) if type(raw) in {int, float} else _decimal(str(raw))  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        message = f"rating {excerpt(raw)!r} is not a number"
        raise RecordRefused(RejectReason.RATING_NOT_A_NUMBER, message) from None
    if math.isnan(value) or math.isinf(value):
        raise RecordRefused(RejectReason.RATING_NOT_A_NUMBER, f"rating is {value}")
    if not worst <= value <= best:
        message = f"rating {value:g} is outside {worst:g}–{best:g}"
        raise RecordRefused(RejectReason.RATING_OUT_OF_RANGE, message)
    if best <= worst:
        message = f"a rating scale from {worst:g} to {best:g} says nothing"
        raise RecordRefused(RejectReason.RATING_OUT_OF_RANGE, message)
    span = RATING_MAX - RATING_MIN
    return round(RATING_MIN + span * (value - worst) / (best - worst), 4)


def _decimal(text: str) -> float:
    return float(text.strip().replace(",", "."))


def clean_date(raw: object, *, now: datetime) -> datetime | None:
    """Return the moment in UTC (naive ones are taken as UTC), or None where there is none.

    Raises:
        RecordRefused: unreadable, or in the future by more than the clock tolerance.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    moment = raw if isinstance(raw, datetime) else _parse_date(str(raw).strip())
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        message = f"date {excerpt(raw)!r} is before all calendars"
        raise RecordRefused(RejectReason.DATE_UNREADABLE, message) from None
    if moment > now + CLOCK_TOLERANCE:
        message = f"date {moment:%Y-%m-%d} is in the future"
        raise RecordRefused(RejectReason.DATE_IN_FUTURE, message)
    # MongoDB keeps milliseconds; more would make a stored review differ from a fresh one.
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _parse_date(raw: str) -> datetime:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return _parse_korean_date(raw)


def _parse_korean_date(raw: str) -> datetime:
    digits = re.sub(r"[./년월]\s*", "-", raw.removesuffix("일").removesuffix("."))
    digits = re.sub(r"-\s*$", "", digits)
    padded = re.sub(r"(?<=-)(\d)(?!\d)", r"0\1", digits)
    try:
        return datetime.fromisoformat(padded)
    except ValueError:
        return _parse_english_date(raw)


def _parse_english_date(raw: str) -> datetime:
    for form in ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(raw, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    message = f"date {excerpt(raw)!r} is not one we can read"
    raise RecordRefused(RejectReason.DATE_UNREADABLE, message)


def derive_review_id(text: str, rating: float | None, created_at: datetime | None) -> str:
    """Return an id for a review whose source gives none to keep: the same content, the same id."""
    key = f"{rating}\n{created_at.isoformat() if created_at else ''}\n{text}"
    return "h-" + hashlib.blake2b(key.encode(), digest_size=12).hexdigest()


def clean_id(raw: object) -> str | None:
    """Return the source's id as a string without control characters, None where there is none.

    None, too, for one that is personal data: all mobile numbers are tried against a digest in
    minutes, so nothing is made of it.

    Raises:
        RecordRefused: longer than `MAX_ID_CHARS`.
    """
    if raw is None:
        return None
    text = str(raw).strip()
    if not text.isprintable():
        text = _CONTROL.sub("", _SURROGATE.sub("\ufffd", text)).strip()
    if len(text) > MAX_ID_CHARS:
        raise RecordRefused(RejectReason.ID_TOO_LONG, f"id has {len(text)} characters")
    return None if not text or is_personal_id(text) else text


def clean_url(raw: str | None) -> str | None:
    """Return an address that any store takes.

    None where it is none, too long to be one, or would tell whose it is.
    """
    if raw is None or len(raw) > MAX_URL_CHARS or not raw.isprintable() or is_personal_url(raw):
        return None
    return raw.strip() or None


def build_review(
    *,
    review_id: object,
    text: object,
    rating: object = None,
    created_at: object = None,
    url: str | None = None,
    best: float = RATING_MAX,
    worst: float = 1.0,
    now: datetime,
) -> Review:
    """Return a cleaned review from raw values, its text masked.

    Raises:
        RecordRefused: a value breaks a rule; the message names it.
    """
    body, repairs = clean_text(text)
    stars = clean_rating(rating, best=best, worst=worst)
    moment = clean_date(created_at, now=now)
    shown, masked = mask(body)
    # Of the masked text: a digest of what was masked would let anyone try numbers against it.
    own_id = clean_id(review_id) or derive_review_id(shown, stars, moment)
    return Review(own_id, shown, stars, moment, clean_url(url), repairs, masked)
