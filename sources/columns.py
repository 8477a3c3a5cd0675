"""Which column of a file holds what: as the user says, or by the names people give."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from domain.errors import ColumnMissing, InvalidRequest
from domain.masking import excerpt

FIELDS = ("review_id", "text", "rating", "created_at")

#: Names in order of preference, as `_plain` writes them.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "review_id": (
        *("reviewid", "reviewno", "reviewnum", "리뷰번호", "리뷰id", "리뷰아이디", "후기번호"),
        *("id", "번호"),
    ),
    "text": (
        *("text", "reviewtext", "reviewbody", "reviewcontent", "reviewcontents", "review"),
        *("content", "contents", "body", "document", "comment", "리뷰내용", "리뷰본문", "후기내용"),
        *("내용", "본문", "리뷰", "후기", "상품평", "구매평", "댓글"),
    ),
    "rating": (
        *("rating", "stars", "star", "starrating", "reviewrating", "score", "reviewscore"),
        *("평점", "별점", "점수", "리뷰평점", "만족도"),
    ),
    "created_at": (
        *("createdat", "created", "reviewdate", "writtenat", "date", "datetime", "timestamp"),
        *("작성일", "작성일자", "작성일시", "작성시간", "등록일", "등록일자", "등록일시"),
        *("리뷰작성일", "날짜", "일자", "일시"),
    ),
}

_SEPARATORS = dict.fromkeys(map(ord, " _-."))
_LISTED = 20


def map_columns(
    available: Sequence[str], wanted: Mapping[str, str] | None, *, file_name: str
) -> dict[str, str]:
    """Return our field → the file's column; `wanted` comes before what the names suggest.

    A field that is wanted as "" is not read at all, whatever the file's names are.

    Raises:
        ColumnMissing: a wanted column, or any column for the text, is not there.
        InvalidRequest: `wanted` names a field that reviews do not have.
    """
    _check_fields(wanted or {})
    missing = [name for name in (wanted or {}).values() if name and not _find(available, (name,))]
    if missing:
        raise ColumnMissing(f"{file_name} has no column {missing[0]!r}; {_listing(available)}")
    columns = recognise(available, wanted)
    if "text" not in columns:
        message = f"{file_name} has no column that looks like the review's text"
        raise ColumnMissing(
            f"{message}; {_listing(available)}. Say which one it is: --column text=COLUMN"
        )
    for column in columns.values():
        if available.count(column) > 1:
            raise ColumnMissing(f"{file_name} has {column!r} more than once; rename one of them")
    return columns


def recognise(available: Sequence[str], wanted: Mapping[str, str] | None) -> dict[str, str]:
    """Return the fields that have a column, and that column."""
    columns: dict[str, str] = {}
    taken = set((wanted or {}).values())
    for field in FIELDS:
        if wanted is not None and field in wanted:
            found = _find(available, (wanted[field],)) if wanted[field] else None
        else:
            free = [name for name in available if name not in taken]
            found = _find(free, _NAMES[field])
        if found is not None:
            columns[field] = found
    return columns


def _check_fields(fields: Iterable[str]) -> None:
    for field in fields:
        if field not in FIELDS:
            raise InvalidRequest(
                f"a review has no field {field!r}; its fields are {', '.join(FIELDS)}"
            )


def _find(available: Sequence[str], names: Iterable[str]) -> str | None:
    """Return the first column, as the file writes it, that has one of the names."""
    by_plain: dict[str, str] = {}
    for column in available:
        by_plain.setdefault(_plain(column), column)
    for name in names:
        if name in available:
            return name
        if _plain(name) in by_plain:
            return by_plain[_plain(name)]
    return None


def _plain(name: str) -> str:
    """`Review_ID`, `review id` and `reviewId` are one name; Macs write Hangul decomposed."""
    return unicodedata.normalize("NFC", name).casefold().translate(_SEPARATORS)


def _listing(available: Sequence[str]) -> str:
    if not available:
        return "it has no columns"
    names = ", ".join(repr(excerpt(name)) for name in available[:_LISTED])
    more = len(available) - _LISTED
    return f"it has {names}" + (f" and {more} more" if more > 0 else "")
