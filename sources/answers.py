"""What a server's answer means before its body is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from domain.errors import (
    AccessDenied,
    EmotionCardsError,
    MalformedPage,
    PageNotFound,
    RateLimited,
    SourceUnavailable,
)
from sources.addresses import shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
READABLE = frozenset({200, 203})
NOT_MODIFIED = 304
_RATE_LIMITS = frozenset({429, 503})
#: Nothing waits longer; larger figures are jokes or mistakes.
YEAR_SECONDS = 31_536_000.0
_MEANING: dict[int, tuple[type[EmotionCardsError], str]] = {
    401: (AccessDenied, "it asks for a login"),
    403: (AccessDenied, "it refuses us"),
    404: (PageNotFound, "there is no such page; check the address"),
    407: (AccessDenied, "a proxy asks for a login"),
    408: (SourceUnavailable, "it timed out"),
    410: (PageNotFound, "the page is gone for good"),
    425: (SourceUnavailable, "it is too early"),
    451: (AccessDenied, "it is closed for legal reasons"),
}
_TEXTUAL = re.compile(
    r"(text/(html|xml|json)|application/(xhtml\+xml|xml|json|[\w.-]+\+json)|)", re.IGNORECASE
)


def retry_after(headers: httpx.Headers, *, now: datetime) -> float | None:
    """Return the seconds `Retry-After` asks for (it gives seconds or a date), None without one."""
    raw = headers.get("retry-after", "").strip()
    if raw.isascii() and raw.isdecimal():
        return min(float(raw), YEAR_SECONDS)
    try:
        moment = parsedate_to_datetime(raw)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), YEAR_SECONDS)


def check_status(response: httpx.Response, *, clock: Callable[[], datetime]) -> None:
    """Raise the named error of an answer that is not a page.

    Raises:
        RateLimited: 429, or 503 that names a time.
        SourceUnavailable: 5xx and time-outs.
        AccessDenied, PageNotFound, MalformedPage: by status.
    """
    status = response.status_code
    if status in READABLE:
        return
    where = shown(str(response.url))
    if status in _RATE_LIMITS:
        wait = retry_after(response.headers, now=clock())
        if status == httpx.codes.TOO_MANY_REQUESTS or wait is not None:
            raise RateLimited(f"{where} answers {status}: too many requests", retry_after=wait)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise SourceUnavailable(f"{where} answers {status}: the server failed")
    kind, words = _MEANING.get(status, (MalformedPage, "that is no page"))
    raise kind(f"{where} answers {status}: {words}")


def check_type(response: httpx.Response) -> str:
    """Return the media type, lower-cased, "" where none is given.

    Raises:
        MalformedPage: not HTML, XML or JSON.
    """
    mime = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if not _TEXTUAL.fullmatch(mime):
        where = shown(str(response.url))
        raise MalformedPage(f"{where} is {shown(mime)}, not a page of HTML, XML or JSON")
    return mime


def charset_of(response: httpx.Response) -> str | None:
    """Return the charset the Content-Type header claims."""
    match = re.search(
        r"charset\s*=\s*[\"']?([\w.:-]{1,40})",
        response.headers.get("content-type", ""),
        re.IGNORECASE,
    )
    return match[1].lower() if match else None


def declared_length(headers: httpx.Headers) -> int:
    """Return Content-Length, 0 where there is none we can read."""
    raw = headers.get("content-length", "").strip()
    return int(raw[:19]) if raw.isascii() and raw.isdecimal() else 0
