"""From a fetched page to its product, its review records and where it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

from domain.errors import MalformedPage
from domain.rejections import Rejected
from domain.reviews import ProductInfo
from sources.addresses import shown, site_of
from sources.charset import decode
from sources.fetching import FetchedPage
from sources.html_pages import HtmlPage, parse_page
from sources.json_pages import read_json
from sources.jsonld import read_jsonld
from sources.login_walls import has_password_field
from sources.microdata import read_microdata
from sources.pagination import NextPage, choose_next, header_links, page_links
from sources.products import product_info, short_text
from sources.raw_reviews import RawReview, merged
from sources.rdfa import has_rdfa, read_rdfa
from sources.schema_values import Node
from sources.site_rules import SiteRule, SiteRules
from sources.structured import find_product


@dataclass(frozen=True, slots=True)
class PageContents:
    """What one page gave, before the rules for reviews."""

    raws: list[RawReview]
    next_page: NextPage
    product: ProductInfo | None = None
    rejected: list[Rejected] = field(default_factory=list)
    asks_for_login: bool = False
    is_json: bool = False


def read_page(fetched: FetchedPage, *, rules: SiteRules, fallback_name: str) -> PageContents:
    """Return what the page holds.

    Raises:
        UndecodableText, MalformedPage: the page cannot be read at all.
    """
    if _is_json(fetched):
        return _read_json(fetched, fallback_name)
    page = parse_page(fetched)
    rule = rules.for_host(site_of(fetched.url))
    where = f"page {fetched.url}"
    blocks, rejected = read_jsonld(page.tree, where=where)
    node, raws = _by_rule(page, rule) if rule else (None, [])
    if not raws:
        node, raws = _by_schema(page, blocks, node)
    if not raws and not rejected and has_rdfa(page):
        node, raws = _first_of([find_product(read_rdfa(page), url=page.url), (node, raws)])
    ruled = rule.next_pages(page.tree) if rule else []
    candidates = chain(ruled, header_links(fetched.page.link), page_links(page))
    return PageContents(
        raws=raws,
        next_page=choose_next(candidates, base=page.base, page=page.url),
        product=_product(node, page, fallback_name, has_reviews=bool(raws)),
        rejected=rejected,
        asks_for_login=not raws and node is None and has_password_field(page.tree),
    )


def _is_json(fetched: FetchedPage) -> bool:
    kind = fetched.page.content_type
    start = fetched.page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not kind and start not in (b"<", b"{", b"["):
        raise MalformedPage(f"{shown(str(fetched.url))} does not tell what it is")
    # Endpoints that serve JSON as "text/html" are old, and many.
    return kind.endswith("json") or start in (b"{", b"[")


def _read_json(fetched: FetchedPage, fallback_name: str) -> PageContents:
    text, _ = decode(fetched.page.body, header=fetched.page.charset)
    found = read_json(text, url=fetched.url)
    product = None
    if found.product is not None:
        product = product_info(found.product, url=fetched.url, fallback_name=fallback_name)
    candidates = chain(found.next_pages, header_links(fetched.page.link))
    next_page = choose_next(candidates, base=fetched.url, page=fetched.url)
    return PageContents(found.raws, next_page, product, is_json=True)


def _by_rule(page: HtmlPage, rule: SiteRule) -> tuple[Node | None, list[RawReview]]:
    return rule.product_node(page.tree), rule.reviews(page.tree)


def _by_schema(
    page: HtmlPage, blocks: list[object], ruled: Node | None
) -> tuple[Node | None, list[RawReview]]:
    """Return the product and reviews of JSON-LD and microdata together."""
    parts = [find_product(roots, url=page.url) for roots in (blocks, read_microdata(page))]
    node: Node | None = None
    for found in (ruled, *(found for found, _ in parts)):
        if found:  # what an earlier syntax does not tell, a later one may
            node = {**found, **(node or {})}
    return node, merged(raws for _, raws in parts)


def _first_of(
    parts: list[tuple[Node | None, list[RawReview]]],
) -> tuple[Node | None, list[RawReview]]:
    return next((part for part in parts if part[1]), parts[-1])


def _product(
    node: Node | None, page: HtmlPage, fallback_name: str, *, has_reviews: bool
) -> ProductInfo | None:
    if node is None and not has_reviews:
        return None
    name = _title(page) or fallback_name
    return product_info(node or {}, url=page.url, fallback_name=name)


def _title(page: HtmlPage) -> str | None:
    for find in _TITLES:
        name = short_text(find(page))
        if name:
            return name
    return None


def _open_graph(page: HtmlPage) -> str | None:
    for meta in page.tree.iter("meta"):
        if meta.get("property") == "og:title":
            return str(meta.get("content"))
    return None


_TITLES: tuple[Callable[[HtmlPage], str | None], ...] = (
    _open_graph,
    lambda page: page.tree.findtext(".//h1"),
    lambda page: page.tree.findtext(".//title"),
)
