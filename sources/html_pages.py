"""HTML parsed once; everything else looks at this tree."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import lxml.html
from lxml import etree

from domain.errors import AddressRefused, MalformedPage
from sources.addresses import shown, web_address
from sources.charset import decode
from sources.fetching import FetchedPage

#: Elements that begin a new line when a person reads the page.
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre"}
    | {"section", "table", "td", "th", "tr", "ul"}
)
#: Elements whose text nobody reads.
SILENT = frozenset({"script", "style", "template", "noscript", "head"})


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A parsed page."""

    url: httpx.URL
    #: What relative addresses on it are relative to.
    base: httpx.URL
    tree: lxml.html.HtmlElement
    text: str


def parse_page(fetched: FetchedPage) -> HtmlPage:
    """Return the page as a tree.

    Raises:
        UndecodableText: in no charset we know.
        MalformedPage: empty, not HTML, or nested beyond reading.
    """
    text, _ = decode(fetched.page.body, header=fetched.page.charset)
    tree = parse_html(text, where=str(fetched.url))
    return HtmlPage(fetched.url, _base_of(tree, fetched.url), tree, text)


def parse_html(text: str, *, where: str) -> lxml.html.HtmlElement:
    """Return the tree of an HTML text.

    Raises:
        MalformedPage: empty, or nested deeper than 2,000 elements.
    """
    # NUL is never text in HTML; parsers cut the page there or put a mark in its place.
    markup = text.replace("\x00", "").encode("utf-8", errors="replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = lxml.html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise MalformedPage(f"{shown(where)} holds no HTML") from error
    if parser.error_log.filter_from_fatals():
        raise MalformedPage(f"{shown(where)} is nested too deep to be read")
    return tree


def _base_of(tree: lxml.html.HtmlElement, url: httpx.URL) -> httpx.URL:
    element = tree.find("head/base[@href]")
    if element is None:
        return url
    try:
        return web_address(str(element.get("href")), base=url)
    except AddressRefused:  # HTML says so: a base that is no address counts as absent
        return url


def element_text(element: etree._Element) -> str:
    """Return the text of an element as a person reads it: without scripts, with line breaks."""
    pieces: list[str] = []
    silent = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        tag = node.tag
        if event == "start":
            silent += tag in SILENT
            pieces.append("\n" if tag in BLOCKS else "")
            pieces.append("" if silent else node.text or "")
            continue
        if event == "end":
            silent -= tag in SILENT
            pieces.append("\n" if tag in BLOCKS else "")
        if node is not element and not silent:
            pieces.append(node.tail or "")
    return "".join(pieces).strip()
