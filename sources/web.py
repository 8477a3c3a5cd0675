"""A product's reviews from a shop's pages."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.errors import (
    EmotionCardsError,
    LoginRequired,
    NoReviewsFound,
    SourceError,
    TransientError,
)
from domain.rejections import Rejected
from domain.reviews import ProductInfo, Refusal, Review, SourceBatch
from settings.models import CrawlSettings
from sources.addresses import canonical, name_from, shown, site_of, web_address
from sources.base import SourceIdentity, SourceSpec
from sources.crawl_cursor import CrawlCursor, digest
from sources.fetching import FetchedPage, Fetcher
from sources.networks import Resolver
from sources.pacing import Pacer, process_pacer
from sources.page_cache import PageCache, Validators, process_page_cache
from sources.page_keeping import may_be_kept
from sources.page_reading import PageContents, read_page
from sources.raw_reviews import build_reviews
from sources.site_rules import load_site_rules

MAX_PAGES = "max_pages"
MAX_REVIEWS = "max_reviews"
ENDLESS = "endless_pagination"
PAGE_REFUSED = "page_refused"
PAGE_FAILED = "page_failed"


def _now() -> datetime:
    return datetime.now(UTC)


class WebSource:
    """The reviews of one product page and of the pages that follow it, one batch a page.

    A failure before the first record is raised, by name. After that a page that cannot be read
    for good ends the source with a `Refusal`; one that may be readable later is raised as a
    transient error, for the caller to go on from the last cursor, unless `final_attempt` is
    set: then it, too, ends the source with a `Refusal`, so that what was collected stays.

    Give the `validators` of an earlier crawl (address → what its cursor kept) to ask for pages
    only if they changed; the bodies of unchanged ones come from `cache`.
    """

    def __init__(
        self,
        spec: SourceSpec,
        settings: CrawlSettings,
        *,
        pacer: Pacer | None = None,
        cache: PageCache | None = None,
        validators: Mapping[str, Validators] | None = None,
        final_attempt: bool = False,
        clock: Callable[[], datetime] = _now,
        resolver: Resolver = socket.getaddrinfo,
    ) -> None:
        """Check the address and the rules; nothing is read yet.

        Raises:
            AddressRefused: the location is not an address we read.
            InvalidRequest: the file of site rules is wrong.
        """
        self._start = canonical(web_address(spec.location))
        self._settings = settings
        self._limit = min(settings.max_reviews, spec.max_reviews or settings.max_reviews)
        self._rules = load_site_rules(settings.site_rules)
        self._pacer = pacer or process_pacer()
        self._cache = cache or process_page_cache()
        self._validators = validators
        self._clock = clock
        self._resolver = resolver
        self._declared: int | None = None
        self._probed: FetchedPage | None = None
        self.final_attempt = final_attempt

    @property
    def identity(self) -> SourceIdentity:
        """The product's identity: its host and its canonical address."""
        return SourceIdentity(site_of(self._start), str(self._start), name_from(self._start))

    def expected_reviews(self) -> int | None:
        """Return how many reviews the shop claims; known once the first page is read."""
        return self._declared

    def probe(self) -> ProductInfo | None:
        """Read the first page and return what it says of the product.

        The page is kept, so that `batches` does not ask for it again.

        Raises:
            TransientError, SourceError: as `batches`.
        """
        with self._fetcher() as fetcher:
            self._probed = fetcher.get(self._start)
        return self._read(self._probed).product

    def batches(self, cursor: Mapping[str, Any] | None) -> Iterator[SourceBatch]:
        """Yield one batch a page, from the start or from behind the batch that gave `cursor`.

        Raises:
            TransientError: worth another call with the last cursor.
            SourceError: nothing can be read here, by name.
        """
        state = CrawlCursor.from_state(cursor) if cursor else CrawlCursor(str(self._start))
        if state.next is None:
            yield SourceBatch((), cursor=state.to_state(), done=True, pages=0)
            return
        with self._fetcher() as fetcher:
            while state.next is not None:
                batch, state = self._step(fetcher, state, state.next)
                yield batch

    def _fetcher(self) -> Fetcher:
        return Fetcher(
            self._settings,
            pacer=self._pacer,
            cache=self._cache,
            clock=self._clock,
            validators=self._validators,
            resolver=self._resolver,
        )

    def _step(
        self, fetcher: Fetcher, state: CrawlCursor, url: str
    ) -> tuple[SourceBatch, CrawlCursor]:
        """Read one page; return its batch and the cursor behind it."""
        try:
            fetched = self._fetch(fetcher, state, url)
            contents = self._read(fetched)
        except SourceError as error:
            return self._refused(state, url, error, PAGE_REFUSED)
        except TransientError as error:
            if not self.final_attempt:
                raise
            return self._refused(state, url, error, PAGE_FAILED)
        return self._batch(state, url, fetched, contents)

    def _fetch(self, fetcher: Fetcher, state: CrawlCursor, url: str) -> FetchedPage:
        probed, self._probed = self._probed, None
        return probed if probed and state.page == 0 else fetcher.get(web_address(url))

    def _read(self, fetched: FetchedPage) -> PageContents:
        name = self.identity.provisional_name
        contents = read_page(fetched, rules=self._rules, fallback_name=name)
        if contents.product and contents.product.declared_reviews is not None:
            self._declared = contents.product.declared_reviews
        return contents

    @staticmethod
    def _refused(
        state: CrawlCursor, url: str, error: EmotionCardsError, stopped_by: str
    ) -> tuple[SourceBatch, CrawlCursor]:
        """Return a last batch that tells which page was not read; raise if it was all we had."""
        if not state.has_records:
            raise error
        after = replace(state, next=None)
        refusal = Refusal(f"page {url}", error.code, error.line)
        batch = SourceBatch(
            (),
            refusals=(refusal,),
            cursor=after.to_state(),
            done=True,
            stopped_by=stopped_by,
            pages=0,
        )
        return batch, after

    def _batch(
        self, state: CrawlCursor, url: str, fetched: FetchedPage, contents: PageContents
    ) -> tuple[SourceBatch, CrawlCursor]:
        where = f"page {fetched.url}"
        reviews, refused = build_reviews(contents.raws, where=where, now=self._clock())
        if fetched.keepable and may_be_kept(fetched.page, reviews):
            self._cache.put(str(fetched.url), fetched.page)
        ids = digest(sorted(review.review_id for review in reviews))
        repeated = state.page > 0 and (ids, contents.is_json) == (state.last_ids, state.last_json)
        kept = [] if repeated else reviews[: self._limit - state.reviews]
        rejected = [] if repeated else [*contents.rejected, *refused]
        after = state.after(
            (url, str(fetched.url)),
            next=str(contents.next_page.url) if contents.next_page.url else None,
            reviews=state.reviews + len(kept),
            rejected=state.rejected + len(rejected),
            last_ids=ids,
            last_json=contents.is_json,
            validators=fetched.page.validators if state.page == 0 else state.validators,
        )
        stopped_by = ENDLESS if repeated else self._stop(after, more=len(reviews) > len(kept))
        return self._finished(after, kept, rejected, contents, stopped_by)

    def _stop(self, after: CrawlCursor, *, more: bool) -> str | None:
        """Return why the source ends here although it goes on, None if it does not."""
        if more or (after.next and after.reviews >= self._limit):
            return MAX_REVIEWS
        if after.next and after.has_seen(after.next):
            return ENDLESS
        if after.next and after.page >= self._settings.max_pages:
            return MAX_PAGES
        return None

    def _finished(
        self,
        after: CrawlCursor,
        reviews: list[Review],
        rejected: list[Rejected],
        contents: PageContents,
        stopped_by: str | None,
    ) -> tuple[SourceBatch, CrawlCursor]:
        if stopped_by:
            after = replace(after, next=None)
        refusals: tuple[Refusal, ...] = ()
        if after.next is None and not stopped_by and contents.next_page.refused:
            where = f"page {contents.next_page.refused}"
            refusals = (Refusal(where, "address_refused", contents.next_page.reason),)
            stopped_by = PAGE_REFUSED
        if after.next is None and not after.has_records:
            raise self._nothing(contents)
        batch = SourceBatch(
            tuple(reviews),
            tuple(rejected),
            refusals,
            product=contents.product,
            cursor=after.to_state(),
            done=after.next is None,
            stopped_by=stopped_by,
        )
        return batch, after

    def _nothing(self, contents: PageContents) -> SourceError:
        where = shown(str(self._start))
        if contents.asks_for_login:
            return LoginRequired(f"{where} asks for a login before it shows reviews")
        hint = f"; {contents.next_page.reason}" if contents.next_page.refused else ""
        return NoReviewsFound(
            f"{where} holds no reviews we can read: it carries no schema.org reviews, and no "
            f"rule in EC_CRAWL__SITE_RULES fits its host{hint}"
        )
