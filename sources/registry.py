"""Which source reads a location."""

from __future__ import annotations

from domain.errors import AddressRefused
from settings.models import CrawlSettings
from sources.base import ReviewSource, SourceSpec
from sources.files import FileSource
from sources.pacing import Pacer
from sources.page_cache import PageCache


def open_source(
    spec: SourceSpec,
    settings: CrawlSettings,
    *,
    pacer: Pacer | None = None,
    cache: PageCache | None = None,
    final_attempt: bool = False,
) -> ReviewSource:
    """Return the source for a location; nothing is read yet.

    `pacer` gives turns at hosts and `cache` keeps pages (None: the process's own). With
    `final_attempt` a page that keeps failing ends the crawl with what there is, instead of
    raising for another try.

    Raises:
        AddressRefused: a URL that is neither http nor https.
        FileUnreadable: no address and no possible path either.
        InvalidRequest: a rating scale that cannot be.
    """
    if spec.is_url:
        # The crawler's libraries take a while to import, and files do not need them.
        from sources.web import WebSource

        return WebSource(spec, settings, pacer=pacer, cache=cache, final_attempt=final_attempt)
    scheme, separator, _ = spec.location.partition("://")
    if separator and scheme.isalnum():
        raise AddressRefused(f"{scheme}:// addresses are not read; give http, https or a file")
    return FileSource(spec, settings)
