"""Pages kept from crawl to crawl: one that has not changed is not sent again."""

from __future__ import annotations

import logging

from domain.errors import StoreUnavailable
from settings import Settings
from sources.page_cache import CachedPage, Validators
from storage.mongo.crawled_pages import keep_page, kept_page

log = logging.getLogger(__name__)


class StoredPageCache:
    """The `PageCache` of a whole installation. Without its store, pages are read in full."""

    def __init__(self, settings: Settings) -> None:
        self._mongo = settings.mongo

    def get(self, url: str) -> CachedPage | None:
        """Return the page, None if it is not kept."""
        try:
            kept = kept_page(self._mongo, url)
        except StoreUnavailable as error:
            log.warning("reading the whole page: %s", error.line)
            return None
        if kept is None:
            return None
        body, answer = kept
        return CachedPage(
            body=body,
            content_type=answer["content_type"],
            charset=answer["charset"],
            link=answer["link"],
            validators=Validators(answer["etag"], answer["last_modified"]),
        )

    def put(self, url: str, page: CachedPage) -> None:
        """Keep the page."""
        answer = {
            "content_type": page.content_type,
            "charset": page.charset,
            "link": page.link,
            "etag": page.validators.etag,
            "last_modified": page.validators.last_modified,
        }
        try:
            keep_page(self._mongo, url, page.body, answer)
        except StoreUnavailable as error:
            log.warning("the page is not kept: %s", error.line)
