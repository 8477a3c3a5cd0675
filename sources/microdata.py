"""Microdata items of a page, in the form JSON-LD has.

The page is walked once, in time linear in its size: readers that search each item for its
properties anew take minutes over a large hostile page. `itemref` is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import lxml.html
from lxml import etree

from sources.html_pages import BLOCKS, SILENT, HtmlPage

#: Properties inside properties inside properties … beyond it are not read.
MAX_OPEN = 64
#: Longer values are cut; no review may be that long.
MAX_VALUE_CHARS = 1_500_000

_SOURCES = {"audio", "embed", "iframe", "img", "source", "track", "video"}
_LINKS = {"a", "area", "link"}

Item = dict[str, Any]


@dataclass(slots=True)
class _OpenText:
    """A property whose value is the text of an element that is still being walked."""

    element: lxml.html.HtmlElement
    names: list[str]
    item: Item
    first_piece: int


@dataclass(slots=True)
class _Walk:
    base: httpx.URL
    top: list[Item] = field(default_factory=list)
    items: list[tuple[Any, Item]] = field(default_factory=list)
    texts: list[_OpenText] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    silent: int = 0

    def start(self, element: Any) -> None:
        """Enter an element."""
        tag = element.tag
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.pieces.append("\n")
        names = (element.get("itemprop") or "").split()
        if element.get("itemscope") is not None:
            self._open_item(element, names)
        elif names and self.items:
            self._property(element, names)
        if element.text and not self.silent:
            self.pieces.append(element.text)

    def end(self, element: Any) -> None:
        """Leave an element."""
        tag = element.tag
        self.silent -= tag in SILENT
        if self.texts and self.texts[-1].element is element:
            done = self.texts.pop()
            text = "".join(self.pieces[done.first_piece :]).strip()
            _add(done.item, done.names, text[:MAX_VALUE_CHARS])
        if self.items and self.items[-1][0] is element:
            self.items.pop()
        if tag in BLOCKS:
            self.pieces.append("\n")
        self.tail(element)

    def tail(self, node: Any) -> None:
        """Take the text behind an element or a comment."""
        if node.tail and not self.silent:
            self.pieces.append(node.tail)

    def _open_item(self, element: Any, names: list[str]) -> None:
        item: Item = {"@type": (element.get("itemtype") or "").split()}
        for key, attribute in (("@id", "itemid"), ("data-review-id", "data-review-id")):
            if element.get(attribute):
                item[key] = element.get(attribute).strip()
        if names and self.items:
            _add(self.items[-1][1], names, item)
        else:
            self.top.append(item)
        self.items.append((element, item))

    def _property(self, element: Any, names: list[str]) -> None:
        item = self.items[-1][1]
        value = _attribute_value(element, self.base)
        if value is not None:
            _add(item, names, value)
        elif len(self.texts) < MAX_OPEN:
            self.texts.append(_OpenText(element, names, item, len(self.pieces)))


def _add(item: Item, names: list[str], value: Any) -> None:
    for name in names:
        present = item.setdefault(name, [])
        present.append(value)


def _attribute_value(element: Any, base: httpx.URL) -> str | None:
    """Return the value of a property that stands in an attribute, None if it is the text."""
    tag = element.tag
    if tag == "meta":
        return str(element.get("content") or "")
    if tag in _SOURCES or tag in _LINKS or tag == "object":
        name = "src" if tag in _SOURCES else "data" if tag == "object" else "href"
        return _joined(base, element.get(name) or "")
    if element.get("content"):  # not in the standard, but in schema.org's own examples
        return str(element.get("content"))
    named = {"data": "value", "meter": "value", "time": "datetime"}.get(tag)
    return element.get(named) if named else None


def _joined(base: httpx.URL, raw: str) -> str:
    try:
        return str(base.join(raw.strip()))
    except (httpx.InvalidURL, ValueError):
        return raw


def read_microdata(page: HtmlPage) -> list[Item]:
    """Return the page's top items as JSON-LD-like nodes; every property is a list of values."""
    if "itemscope" not in page.text:
        return []
    walk = _Walk(page.base)
    events = ("start", "end", "comment", "pi")
    for event, node in etree.iterwalk(page.tree, events=events):
        if event == "start":
            walk.start(node)
        elif event == "end":
            walk.end(node)
        else:
            walk.tail(node)
    return walk.top
