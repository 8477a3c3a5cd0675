"""The attributes that make visible HTML readable by machines, in the page's own syntax."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from demo.catalog import Syntax

_SCHEMA = "https://schema.org/"


class Marks:
    """Writes the same schema.org marks as microdata or RDFa; nothing where JSON-LD is used."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax

    @property
    def inline(self) -> bool:
        """Whether the marks stand in the visible HTML (and not in a script)."""
        return self._syntax is not Syntax.JSON_LD

    def prop(self, name: str) -> Markup:
        """Return the attribute that makes an element a property."""
        return _attributes(self._syntax, name, None)

    def item(self, kind: str, name: str = "") -> Markup:
        """Return the attributes of an element that is an item, and a property if named."""
        return _attributes(self._syntax, name, kind)

    def identity(self, reference: str) -> Markup:
        """Return the attribute that names an item by a URL."""
        if not self.inline:
            return Markup("")
        attribute = "itemid" if self._syntax is Syntax.MICRODATA else "resource"
        return Markup('{}="{}"').format(attribute, reference)

    def hidden(self, name: str, value: object) -> Markup:
        """Return an element that states a value which the reader need not see."""
        if not self.inline:
            return Markup("")
        return Markup('<meta {} content="{}">').format(self.prop(name), value)


@lru_cache(maxsize=256)
def _attributes(syntax: Syntax, name: str, kind: str | None) -> Markup:
    if syntax is Syntax.JSON_LD:
        return Markup("")
    rdfa = syntax is Syntax.RDFA
    parts: list[str] = []
    if name:
        parts.append(f'{"property" if rdfa else "itemprop"}="{escape(name)}"')
    if kind and rdfa:
        parts.append(f'typeof="{escape(kind)}"')
    elif kind:
        parts.append(f'itemscope itemtype="{_SCHEMA}{escape(kind)}"')
    return Markup(" ".join(parts))  # noqa: S704 - escaped above
