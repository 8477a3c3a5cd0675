"""Where the reviews go on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx

from domain.errors import AddressRefused
from sources.addresses import (
    canonical,
    page_number,
    query_pairs,
    shown,
    site_of,
    web_address,
)
from sources.html_pages import HtmlPage

#: Attributes of a "load more" element that name its address.
LOAD_MORE = ("data-next-url", "data-load-more-url", "data-reviews-url")
#: Numbered links compared in full on one page.
MAX_LINKS = 50

_LINK_VALUE = re.compile(r"<([^<>]{1,4000})>([^<]{0,1000})")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([\w-]+))", re.IGNORECASE)
_NUMBERED = re.compile(
    r"[?&][\w%]{2,20}=(\d{1,7})(?=&|#|$)|/page[/-](\d{1,7})/?(?=[?#]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NextPage:
    """The page to go on with, or the address that was not followed and why."""

    url: httpx.URL | None = None
    refused: str | None = None
    reason: str = ""


def choose_next(candidates: Iterable[str], *, base: httpx.URL, page: httpx.URL) -> NextPage:
    """Return the first candidate on the page's own site.

    Links to nowhere (`#`, `javascript:`) are none. A candidate on another site is not followed,
    and told if there is no other.
    """
    refused: NextPage | None = None
    for raw in candidates:
        if not raw.strip() or raw.strip().startswith("#"):
            continue
        try:
            url = web_address(raw, base=base)
        except AddressRefused:  # not a link to a page; the next candidate may be one
            continue
        if same_site(url, page):
            return NextPage(url)
        reason = f"the next page is on another site: {shown(str(url))}"
        refused = refused or NextPage(refused=str(url), reason=reason)
    return refused or NextPage()


def same_site(url: httpx.URL, page: httpx.URL) -> bool:
    """Whether a page may lead there: the same host and port, never from https to http."""
    return site_of(url) == site_of(page) and not (page.scheme == "https" and url.scheme == "http")


def header_links(link: str) -> Iterator[str]:
    """Yield the addresses of a Link header (RFC 8288) with rel=next."""
    for match in _LINK_VALUE.finditer(link):
        rel = _REL.search(match[2])
        if rel and "next" in (rel[1] or rel[2]).lower().split():
            yield match[1]


def page_links(page: HtmlPage) -> Iterator[str]:
    """Yield the addresses a page seems to go on at, the surest first."""
    yield from _rel_next(page)
    for name in LOAD_MORE:
        if name in page.text:
            yield from (str(node.get(name)) for node in page.tree.iterfind(f".//*[@{name}]"))
    yield from _numbered(page)


def _rel_next(page: HtmlPage) -> Iterator[str]:
    for tag in ("link", "a"):
        for node in page.tree.iter(tag):
            if "next" in (node.get("rel") or "").lower().split():
                yield str(node.get("href") or "")


def _numbered(page: HtmlPage) -> Iterator[str]:
    """Yield links to this page's successor by number: ?page=3 or /page/3 on page 2."""
    wanted = (page_number(page.url) or 1) + 1
    compared = 0
    for node in page.tree.iter("a"):
        href = node.get("href") or ""
        numbers = {int(match[1] or match[2]) for match in _NUMBERED.finditer(href)}
        if wanted not in numbers:
            continue
        compared += 1
        if compared > MAX_LINKS:
            return
        if _continues(href, wanted, page):
            yield href


def _continues(href: str, wanted: int, page: HtmlPage) -> bool:
    """Whether a link leads to the wanted page of the same reviews, not of another list."""
    try:
        url = web_address(href, base=page.base)
    except AddressRefused:
        return False
    if page_number(url) != wanted:
        return False
    own, other = canonical(page.url), canonical(url)
    below = other.path == own.path or other.path.startswith(own.path.rstrip("/") + "/")
    return below and set(query_pairs(own)) <= set(query_pairs(other))
