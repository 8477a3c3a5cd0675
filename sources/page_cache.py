"""Pages kept for conditional requests: a page that has not changed is not sent again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

#: Bytes of bodies one process keeps.
DEFAULT_CAPACITY = 32_000_000


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask later whether a page has changed."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    def headers(self) -> dict[str, str]:
        """Return the headers of a conditional request."""
        fields = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as it was answered."""

    body: bytes
    content_type: str
    charset: str | None
    link: str
    validators: Validators


class PageCache(Protocol):
    """Where pages are kept by their address; may forget any page at any time."""

    def get(self, url: str) -> CachedPage | None:
        """Return the page, None if it is not kept."""

    def put(self, url: str, page: CachedPage) -> None:
        """Keep the page."""


class MemoryPageCache:
    """The pages used last, up to `capacity` bytes of bodies; thread-safe."""

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._capacity = capacity
        self._size = 0
        self._pages: OrderedDict[str, CachedPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, url: str) -> CachedPage | None:
        """Return the page, None if it is not kept."""
        with self._lock:
            page = self._pages.get(url)
            if page is not None:
                self._pages.move_to_end(url)
            return page

    def put(self, url: str, page: CachedPage) -> None:
        """Keep the page, forgetting those not used for longest; too large a one is not kept."""
        with self._lock:
            old = self._pages.pop(url, None)
            self._size -= len(old.body) if old else 0
            if len(page.body) > self._capacity // 4:
                return
            self._pages[url] = page
            self._size += len(page.body)
            while self._size > self._capacity:
                _, gone = self._pages.popitem(last=False)
                self._size -= len(gone.body)


@lru_cache(maxsize=1)
def process_page_cache() -> MemoryPageCache:
    """Return the cache that all crawls of this process share."""
    return MemoryPageCache()
