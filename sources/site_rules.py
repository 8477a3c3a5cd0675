"""Rules for sites without schema.org data: which CSS selectors hold what, in TOML."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, cast

from lxml.cssselect import CSSSelector
from lxml.cssselect import SelectorError as CssError
from lxml.html import HtmlElement
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from domain.errors import InvalidRequest
from sources.html_pages import element_text
from sources.prices import currency_code, plain_amount
from sources.raw_reviews import RawReview

#: The rules that come with the project.
PACKAGED = Path(__file__).with_name("site_rules.toml")


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    return cast("list[HtmlElement]", _compiled(selector)(element))


def _selector(text: str) -> str:
    try:
        _compiled(text)
    except CssError as error:
        raise ValueError(f"{text!r} is not a CSS selector: {error}") from error
    return text


def _pattern(text: str) -> str:
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from error
    if compiled.groups > 1:
        raise ValueError(f"{text!r} has {compiled.groups} groups; one, or none, is meant")
    return text


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(_Rule):
    """Where one value stands inside an element."""

    selector: Annotated[str, AfterValidator(_selector)] | None = Field(
        None, description="CSS selector below the container; absent: the container itself."
    )
    attribute: str | None = Field(None, description="Attribute to take; absent: the text.")
    regex: Annotated[str, AfterValidator(_pattern)] | None = Field(
        None, description="Part of it to take: the group, or the whole match without one."
    )

    def value(self, element: HtmlElement) -> str | None:
        """Return the value in the element, None where there is none."""
        found = _select(element, self.selector) if self.selector else [element]
        if not found:
            return None
        raw = found[0].get(self.attribute) if self.attribute else element_text(found[0])
        if raw is None or self.regex is None:
            return raw
        match = re.search(self.regex, raw)
        return match[match.re.groups] if match else None


class ReviewFields(_Rule):
    """Where the values of one review stand inside its container."""

    text: FieldRule
    id: FieldRule | None = None
    rating: FieldRule | None = None
    date: FieldRule | None = None
    url: FieldRule | None = None


class ProductFields(_Rule):
    """Where the product's own values stand on the page."""

    name: FieldRule | None = None
    brand: FieldRule | None = None
    price: FieldRule | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    declared_reviews: FieldRule | None = None


class SiteRule(_Rule):
    """How the pages of some hosts are read."""

    hosts: list[str] = Field(min_length=1, description="Host names; `*` stands for any letters.")
    container: Annotated[str, AfterValidator(_selector)] = Field(
        description="CSS selector of the element around one review."
    )
    fields: ReviewFields
    next_page: FieldRule | None = None
    product: ProductFields = Field(default_factory=ProductFields)
    best_rating: float = Field(5.0, description="The best rating of the site's scale.")
    worst_rating: float = Field(1.0, description="The worst rating of the site's scale.")

    def reviews(self, tree: HtmlElement) -> list[RawReview]:
        """Return the records in the page's containers."""
        return [self._review(container) for container in _select(tree, self.container)]

    def _review(self, container: HtmlElement) -> RawReview:
        names = ("id", "text", "rating", "date", "url")
        rules = {name: getattr(self.fields, name) for name in names}
        found = {name: rule.value(container) if rule else None for name, rule in rules.items()}
        return RawReview(
            record=found,
            review_id=found["id"],
            text=found["text"],
            rating=found["rating"],
            created_at=found["date"],
            url=found["url"],
            best=self.best_rating,
            worst=self.worst_rating,
        )

    def product_node(self, tree: HtmlElement) -> dict[str, Any]:
        """Return what the rules find of the product, as a schema.org node."""
        rules = self.product
        node: dict[str, Any] = {"@type": "Product"}
        if rules.name:
            node["name"] = rules.name.value(tree)
        if rules.brand:
            node["brand"] = rules.brand.value(tree)
        if rules.declared_reviews:
            node["reviewCount"] = rules.declared_reviews.value(tree)
        currency = currency_code(rules.currency)
        if rules.price and currency:
            amount = plain_amount(rules.price.value(tree), currency)
            node["offers"] = {"price": amount, "priceCurrency": currency}
        return node

    def next_pages(self, tree: HtmlElement) -> list[str]:
        """Return the address the rule's next-page selector finds (its `href` by default)."""
        if self.next_page is None:
            return []
        rule = self.next_page.model_copy(update={"attribute": self.next_page.attribute or "href"})
        found = rule.value(tree)
        return [found] if found else []


class SiteRules(_Rule):
    """All rules; the first that matches a host counts."""

    site: list[SiteRule] = Field(default_factory=list)

    def for_host(self, host: str) -> SiteRule | None:
        """Return the rule for a host name, None where there is none."""
        for rule in self.site:
            if any(fnmatchcase(host.lower(), pattern.lower()) for pattern in rule.hosts):
                return rule
        return None


def load_site_rules(path: Path | None) -> SiteRules:
    """Return the rules of the file, then those that come with the project.

    Raises:
        InvalidRequest: the file is missing, not TOML, or a key in it is wrong; the message
            names the key.
    """
    own = _load(path).site if path else []
    return SiteRules(site=[*own, *_load(PACKAGED).site])


def _load(path: Path) -> SiteRules:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidRequest(f"site rules {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise InvalidRequest(f"site rules {path} are not TOML: {error}") from error
    try:
        return SiteRules.model_validate(document)
    except ValidationError as error:
        raise InvalidRequest(f"site rules {path}: {_problems(error)}") from error


def _problems(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
        lines.append(f"{key}: {problem['msg']}")
    return "; ".join(lines[:5])
