"""RDFa of a page, by extruct: slow, and therefore only asked when nothing else is there."""

from __future__ import annotations

import re
from typing import Any

from domain.errors import MalformedPage
from sources.addresses import shown
from sources.html_pages import HtmlPage

#: About 0.3 ms each; a page with more is not read this way.
MAX_STATEMENTS = 20_000

_HINT = re.compile(r"\btypeof\s*=", re.IGNORECASE)
_PROPERTY = re.compile(r"\bproperty\s*=", re.IGNORECASE)


def has_rdfa(page: HtmlPage) -> bool:
    """Whether the page seems to hold schema.org data as RDFa."""
    return bool(_HINT.search(page.text)) and "schema" in page.text and "property" in page.text


def read_rdfa(page: HtmlPage) -> list[Any]:
    """Return the page's RDFa as JSON-LD nodes, in a stable order.

    Raises:
        MalformedPage: too much of it, or nested too deep.
    """
    if len(_PROPERTY.findall(page.text)) > MAX_STATEMENTS:
        raise MalformedPage(f"{shown(str(page.url))} holds too much RDFa to be read")
    # Imported here: it takes a second, and few pages need it.
    from extruct.rdfa import RDFaExtractor

    try:
        nodes = RDFaExtractor().extract(page.text.replace("\x00", ""), base_url=str(page.url))
    except RecursionError as error:
        raise MalformedPage(f"{shown(str(page.url))} holds RDFa nested too deep") from error
    # Nodes without a name come with random ones and in random order; the page must not.
    return sorted(nodes, key=_order)


def _order(node: dict[str, Any]) -> str:
    parts = []
    for key, value in sorted(node.items()):
        inner = (
            [entry.get("@value") for entry in value if isinstance(entry, dict)]
            if (isinstance(value, list))
            else []
        )
        parts.append(f"{key}={sorted(str(text) for text in inner if text is not None)}")
    return "\n".join(parts)
