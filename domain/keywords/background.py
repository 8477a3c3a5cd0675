"""What is said anyway: the stems of other products, and a table of common ones beneath them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

#: The languages that a table is shipped for.
LANGUAGES = ("ko", "en")
#: Sayings that the shipped table is worth: about three thousand short reviews. A few hundred
#: reviews of other products lean on it; thousands of them leave it behind.
GENERAL_SAYINGS = 30_000
#: Most sayings that one product is worth, so that the largest is not the whole background.
PRODUCT_SAYINGS = 20_000
#: The table's unit.
_MILLION = 1_000_000


class KeptCounts(NamedTuple):
    """What a finished analysis keeps for those of other products, of one language."""

    cards: int
    sayings: int
    #: Cards that hold the stem; rare stems are not kept, but count in `sayings`.
    stems: Mapping[str, int]


@dataclass(slots=True)
class Background:
    """How often stems are said elsewhere, in one language."""

    sayings: float = 0.0
    stems: dict[str, float] = field(default_factory=dict)
    #: Whether the shipped table is part of it.
    general: bool = False

    def add_product(self, counts: KeptCounts) -> None:
        """Add another product, at its own weight up to `PRODUCT_SAYINGS`."""
        if counts.sayings:
            worth = min(counts.sayings, PRODUCT_SAYINGS)
            self._add(counts.stems.items(), worth / counts.sayings)
            self.sayings += worth

    def add_general(self, rates: Mapping[str, float]) -> None:
        """Add a table of sayings a million."""
        if rates:
            self._add(rates.items(), GENERAL_SAYINGS / _MILLION)
            self.sayings += GENERAL_SAYINGS
            self.general = True

    def _add(self, counts: Iterable[tuple[str, float]], scale: float) -> None:
        for name, count in counts:
            self.stems[name] = self.stems.get(name, 0.0) + count * scale

    def said(self, stem: str) -> float:
        """Return how many of the sayings are of a stem."""
        return self.stems.get(stem, 0.0)


def packed(rates: Mapping[str, float]) -> bytes:
    """Return a table as a file; the same table gives the same bytes."""
    rows = sorted(rates.items(), key=lambda row: (-round(row[1], 1), row[0]))
    text = "".join(f"{name}\t{rate:.1f}\n" for name, rate in rows)
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def table_name(language: str) -> str:
    """Return the name of a language's table in this package."""
    return f"background_{language}.tsv.gz"


@cache
def general_table(language: str) -> Mapping[str, float]:
    """Return the shipped table of a language, sayings a million; empty where there is none."""
    if language not in LANGUAGES:
        return {}
    raw = (resources.files("domain.keywords") / table_name(language)).read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(raw).decode().splitlines())
    return {name: float(rate) for name, rate in rows}
