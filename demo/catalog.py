"""What the demo shop sells: the products of `products.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.aspects import Aspect

_HERE = Path(__file__).parent


class Syntax(StrEnum):
    """How a page publishes its schema.org data."""

    JSON_LD = "json-ld"
    MICRODATA = "microdata"
    RDFA = "rdfa"


class Paging(StrEnum):
    """How a reader gets from one page of reviews to the next."""

    #: `<a rel="next">` and `<link rel="next">`.
    NEXT = "next"
    #: Plain links 1 2 3 …, without any rel.
    NUMBERED = "numbered"
    #: A button with `data-load-more-url`, which answers JSON.
    LOAD_MORE = "load-more"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Some bad weeks with one aspect, counted back from the newest review."""

    aspect: Aspect
    first_week: int
    weeks: int

    def covers(self, weeks_ago: float) -> bool:
        """Whether a review written so many weeks before the newest falls into them."""
        return self.first_week <= weeks_ago < self.first_week + self.weeks


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the shelf, as its page shows it."""

    slug: str
    kind: str
    language: str
    name: str
    brand: str
    category: str
    blurb: str
    #: Amounts in `currency`, one a visit; empty: the page names no price.
    prices: tuple[str, ...]
    currency: str
    syntax: Syntax
    paging: Paging
    #: How many reviews are written for it.
    reviews: int
    charset: str = "utf-8"
    strong: tuple[Aspect, ...] = ()
    weak: tuple[Aspect, ...] = ()
    #: The share of its customers who are pleased, 0..1.
    mood: float = 0.6
    trouble: Trouble | None = None
    #: Pages whose number this divides answer 429 to every other ask; 0: never.
    too_many_every: int = 0

    @property
    def path(self) -> str:
        """The product page's path on the shop."""
        return f"/products/{self.slug}"

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Product:
        """Return the product of one `[[products]]` table."""
        trouble = table.get("trouble")
        return cls(
            slug=table["slug"],
            kind=table["kind"],
            language=table["language"],
            name=table["name"],
            brand=table["brand"],
            category=table["category"],
            blurb=table["blurb"],
            prices=tuple(str(price) for price in table["prices"]),
            currency=table.get("currency", "KRW"),
            syntax=Syntax(table["syntax"]),
            paging=Paging(table["paging"]),
            reviews=table["reviews"],
            charset=table.get("charset", "utf-8"),
            strong=tuple(Aspect(name) for name in table["strong"]),
            weak=tuple(Aspect(name) for name in table["weak"]),
            mood=table["mood"],
            trouble=trouble
            and Trouble(Aspect(trouble["aspect"]), trouble["first_week"], trouble["weeks"]),
            too_many_every=table.get("too_many_every", 0),
        )


def load_products() -> tuple[Product, ...]:
    """Return the products of `products.toml`, in its order."""
    with (_HERE / "products.toml").open("rb") as file:
        tables = tomllib.load(file)["products"]
    return tuple(Product.from_table(table) for table in tables)
