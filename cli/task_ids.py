"""Task ids as a person types them: whole, their first characters, or `latest`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from domain.errors import InvalidRequest, RequestNotFound

if TYPE_CHECKING:
    from settings import Settings

LATEST = "latest"
MIN_PREFIX = 4
#: Characters shown where there is little room; long enough to be typed back.
SHORT = 8
#: Requests among which an abbreviation is looked up, newest first.
SEARCHED = 1000

_HEX = re.compile(r"[0-9a-f-]+")


def short(task_id: str) -> str:
    """Return the id's first characters."""
    return task_id[:SHORT]


def match(raw: str, known: Sequence[str]) -> str:
    """Return the one of the ids, newest first, that was meant.

    Raises:
        InvalidRequest: too short, or several ids begin so.
        RequestNotFound: none does.
    """
    typed = raw.strip().lower()
    if typed == LATEST:
        if not known:
            raise RequestNotFound("there is no analysis yet")
        return known[0]
    if not _HEX.fullmatch(typed):
        raise InvalidRequest(f"{raw!r} is not a task_id, its first characters, or `{LATEST}`")
    if len(typed) < MIN_PREFIX:
        raise InvalidRequest(f"give at least {MIN_PREFIX} characters of the task_id, not {raw!r}")
    found = [task_id for task_id in known if task_id.startswith(typed)]
    if not found:
        raise RequestNotFound(f"no analysis begins with {typed}")
    if len(found) > 1:
        some = ", ".join(short(task_id) for task_id in found[:3])
        raise InvalidRequest(f"{len(found)} analyses begin with {typed}: {some} …")
    return found[0]


def looks_like_id(raw: str) -> bool:
    """Whether this may be a task_id, its first characters, or `latest`; and no address or path."""
    typed = raw.strip().lower()
    return typed == LATEST or _HEX.fullmatch(typed) is not None


def resolve(settings: Settings, raw: str) -> str:
    """Return the whole task_id; one that is whole already is not looked up.

    Raises:
        InvalidRequest, RequestNotFound: as `match`.
        StoreUnavailable: PostgreSQL is away.
    """
    try:
        return str(UUID(raw.strip()))
    except ValueError:
        from storage.postgres.requests import recent_requests

        recent = recent_requests(settings.postgres, limit=SEARCHED)
        return match(raw, [request.task_id for request in recent])
