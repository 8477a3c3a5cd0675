"""Review records as pages give them, and the reviews they become."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from domain.masking import excerpt, masked_record
from domain.rejections import RecordRefused, Rejected, RejectReason
from domain.reviews import Review, build_review

#: Of a record that is refused, this many characters of JSON are kept.
MAX_KEPT_CHARS = 50_000
MAX_KEPT_DEPTH = 50
_INT64 = range(-(2**63), 2**63)
_EPOCH_SECONDS = re.compile(r"\d{10}")
_EPOCH_MILLIS = re.compile(r"\d{13}")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


@dataclass(frozen=True, slots=True)
class RawReview:
    """One record before any rule was applied to it; `record` is kept if it is refused."""

    record: Any
    review_id: Any = None
    text: Any = None
    rating: Any = None
    created_at: Any = None
    url: str | None = None
    best: float = 5.0
    worst: float = 1.0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that a review has."""
        return all(value is None for value in (self.review_id, self.text, self.rating))

    @property
    def gist(self) -> tuple[str, str]:
        """What tells whether two syntaxes of one page describe the same review."""
        text = re.sub(r"\s+", "", plain_text(self.text)) if isinstance(self.text, str) else ""
        return text, str(self.rating or "").removesuffix(".0")


def merged(syntaxes: Iterable[Sequence[RawReview]]) -> list[RawReview]:
    """Return each review once though several syntaxes of the page have it; the first one wins.

    A review without an id in the first syntax takes the one it has in a later syntax.
    """
    first, *others = [records for records in syntaxes if records] or [[]]
    kept = list(first)
    for records in others:
        known = _Known(kept)
        for raw in records:
            at = known.place_of(raw)
            if at is None:
                kept.append(raw)
            elif kept[at].review_id is None:
                kept[at] = replace(kept[at], review_id=raw.review_id)
    return kept


class _Known:
    """The reviews of earlier syntaxes, each of which one review of the next may match."""

    def __init__(self, kept: list[RawReview]) -> None:
        self._by_id: dict[str, int] = {}
        self._by_gist: dict[tuple[str, str], list[int]] = {}
        self._taken: set[int] = set()
        for at, raw in enumerate(kept):
            if raw.review_id:
                self._by_id.setdefault(str(raw.review_id), at)
            if raw.gist[0]:
                self._by_gist.setdefault(raw.gist, []).append(at)

    def place_of(self, raw: RawReview) -> int | None:
        """Return the place of the same review, None if it is new."""
        at = self._by_id.get(str(raw.review_id)) if raw.review_id else None
        if at is None:
            alike = self._by_gist.get(raw.gist, [])
            at = next((index for index in alike if index not in self._taken), None)
        if at is not None:
            self._taken.add(at)
        return at


def build_reviews(
    raws: Iterable[RawReview], *, where: str, now: datetime
) -> tuple[list[Review], list[Rejected]]:
    """Return the reviews of one page, and the records that are none.

    The same id with the same content counts once; with other content the later one is refused.
    """
    reviews: dict[str, Review] = {}
    rejected: list[Rejected] = []
    for raw in raws:
        try:
            _keep(_built(raw, now), reviews)
        except RecordRefused as refusal:
            # Before it may become JSON, where escapes would hide what is to be masked.
            kept = storable(masked_record(raw.record))
            rejected.append(Rejected(refusal.reason, str(refusal), where, kept))
    return list(reviews.values()), rejected


def _keep(review: Review, reviews: dict[str, Review]) -> None:
    kept = reviews.setdefault(review.review_id, review)
    if kept.content_hash != review.content_hash:
        message = f"another review of this page has the id {review.review_id[:80]!r}"
        raise RecordRefused(RejectReason.DUPLICATE_ID, message)


def _built(raw: RawReview, now: datetime) -> Review:
    if raw.is_empty:
        raise RecordRefused(RejectReason.NOT_A_RECORD, "neither text nor rating nor id")
    text = plain_text(raw.text) if isinstance(raw.text, str) else raw.text
    try:
        return build_review(
            review_id=raw.review_id,
            text=text,
            rating=raw.rating,
            created_at=_moment(raw.created_at),
            url=raw.url,
            best=raw.best,
            worst=raw.worst,
            now=now,
        )
    except OverflowError as error:
        message = f"date {excerpt(raw.created_at)!r} is outside the calendar"
        raise RecordRefused(RejectReason.DATE_UNREADABLE, message) from error


def plain_text(text: str) -> str:
    """Return a review's text without the markup shops leave in their JSON."""
    text = _BREAK.sub("\n", text)
    return html.unescape(text) if _ENTITY.search(text) else text


def _moment(raw: Any) -> Any:
    """Return seconds or milliseconds since 1970 as a moment; anything else as it is."""
    text = str(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    if _EPOCH_SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if _EPOCH_MILLIS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return raw


def storable(record: Any) -> Any:
    """Return the record if every store can keep it as it is, else as a bounded JSON string.

    Keys with `$` or dots, lone surrogates, NUL, NaN, numbers beyond 64 bits and deep nesting are
    what document stores refuse.
    """
    if not _fits(record):
        return "(nested too deep to be kept)"
    text = json.dumps(record, ensure_ascii=True, default=str)
    if len(text) > MAX_KEPT_CHARS or not isinstance(record, dict | str):
        return text[:MAX_KEPT_CHARS]
    return record if _is_plain(record) else text


def _fits(record: Any) -> bool:
    level = [record]
    for _ in range(MAX_KEPT_DEPTH):
        level = [inner for value in level for inner in _children(value)]
        if not level:
            return True
    return False


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        bad_key = any("$" in key or "." in key or _SURROGATE.search(key) for key in value)
        return not bad_key and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, str):
        return not _SURROGATE.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value in _INT64
