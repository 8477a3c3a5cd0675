"""Where a crawl stands: all it takes to go on after a restart, as a JSON document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sources.page_cache import Validators

#: Pages remembered to notice a circle; longer circles end at `max_pages`.
MAX_SEEN = 500


@dataclass(frozen=True, slots=True)
class CrawlCursor:
    """A crawl before its next page; `next` is None when there is none."""

    next: str | None
    #: Pages read.
    page: int = 0
    #: Reviews, and records refused, so far.
    reviews: int = 0
    rejected: int = 0
    #: Digests of the addresses read, the latest last.
    seen_pages: tuple[str, ...] = ()
    #: Digest of the review ids of the page before, and whether that page was JSON.
    last_ids: str = ""
    last_json: bool = False
    #: How to ask whether the first page has changed.
    validators: Validators = field(default_factory=Validators)

    @property
    def has_records(self) -> bool:
        """Whether anything was collected that is worth keeping."""
        return self.reviews + self.rejected > 0

    def has_seen(self, url: str) -> bool:
        """Whether the page was read already."""
        return digest([url]) in self.seen_pages

    def after(self, urls: Iterable[str], **changes: Any) -> CrawlCursor:
        """Return the cursor after one more page, known by these addresses."""
        new = [digest([url]) for url in dict.fromkeys(urls)]
        seen = (*self.seen_pages, *new)[-MAX_SEEN:]
        return replace(self, page=self.page + 1, seen_pages=seen, **changes)

    def to_state(self) -> dict[str, Any]:
        """Return the cursor as a JSON-able document."""
        return {
            "next": self.next,
            "page": self.page,
            "reviews": self.reviews,
            "rejected": self.rejected,
            "seen_pages": list(self.seen_pages),
            "last_ids": self.last_ids,
            "last_json": self.last_json,
            "etag": self.validators.etag,
            "last_modified": self.validators.last_modified,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> CrawlCursor:
        """Return the cursor that `to_state` wrote."""
        fields = dict(state)
        validators = Validators(fields.pop("etag"), fields.pop("last_modified"))
        fields["seen_pages"] = tuple(fields["seen_pages"])
        return cls(validators=validators, **fields)


def digest(parts: Iterable[str]) -> str:
    """Return a short digest of texts, whatever characters are in them."""
    joined = "\n".join(parts).encode("utf-8", errors="surrogatepass")
    return hashlib.blake2b(joined, digest_size=6).hexdigest()
