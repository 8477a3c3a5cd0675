"""Aspect terms of a user's own: the nouns of a product category, read from TOML.

The file has the form of `aspects_ko.toml`:

    [terms]                                  # what a review speaks of
    performance = ["흡입구/흡입 노즐", "먼지통"]
    [parts]                                  # parts: a general verdict on one is quality
    quality = ["헤드", "거치대"]

A noun that the lists have already now means what the file says; a feeling word keeps its feeling,
and its aspect if it has one.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.analysis.lexicon import NOUN_RANKS, Form, read_row
from domain.aspects import ASPECTS, Aspect

#: More terms than this are a mistake, and so is a longer one.
MOST_TERMS, LONGEST_TERM = 5000, 40
_SECTIONS = ("terms", "parts")
_SIGNS = frozenset("@|…{}=")


class ExtraTermsInvalid(ValueError):
    """The file cannot be read; the message names the line or the key, and what is wrong."""


@dataclass(frozen=True, slots=True)
class ExtraTerms:
    """The forms of a user's terms; `version` is 8 hex digits that change with any of them."""

    forms: tuple[Form, ...] = ()
    version: str = ""


NO_EXTRA = ExtraTerms()


def read_extra_terms(text: str) -> ExtraTerms:
    """Return the terms of a TOML text.

    Raises:
        ExtraTermsInvalid: no TOML, an unknown section or aspect, or a term that cannot be one.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExtraTermsInvalid(f"not valid TOML: {error}") from error
    forms: list[Form] = []
    meanings: dict[str, str] = {}
    digest = hashlib.blake2b(digest_size=4)
    for section, aspect, key, row in sorted(_rows(document)):
        fields = {"aspect": aspect, "keyword": True, "rank": NOUN_RANKS[section]}
        for form in read_row(row, fields):
            _check(form.text.removeprefix("_"), key, meanings)
            forms.append(form)
        digest.update(f"{section}.{aspect}={row}\n".encode())
    if len(forms) > MOST_TERMS:
        raise ExtraTermsInvalid(f"{len(forms)} terms are more than {MOST_TERMS}")
    return ExtraTerms(tuple(forms), digest.hexdigest()) if forms else ExtraTerms()


def _rows(document: dict[str, Any]) -> Iterator[tuple[str, Aspect, str, str]]:
    """Yield section, aspect, key and row of each term, after a look at their types."""
    for section, aspects in document.items():
        if section not in _SECTIONS or not isinstance(aspects, dict):
            raise ExtraTermsInvalid(f"{section}: not one of the tables [terms] and [parts]")
        for name, rows in aspects.items():
            key = f"{section}.{name}"
            if name not in ASPECTS:
                known = ", ".join(ASPECTS)
                raise ExtraTermsInvalid(f"{key}: no such aspect; the aspects are {known}")
            if not isinstance(rows, list):
                raise ExtraTermsInvalid(f"{key}: must be a list of strings")
            for place, row in enumerate(rows):
                spot = f"{key}[{place}]"
                if not isinstance(row, str):
                    raise ExtraTermsInvalid(f"{spot}: {row!r} is not a string")
                if signs := _SIGNS.intersection(row):
                    raise ExtraTermsInvalid(f"{spot}: {row!r} has the sign {min(signs)!r}")
                yield section, Aspect(name), spot, row


def _check(word: str, key: str, meanings: dict[str, str]) -> None:
    """Refuse what can be no term, and a term that is in the file twice."""
    if not word.strip() or word != word.strip():
        raise ExtraTermsInvalid(f"{key}: {word!r} is empty or has spaces around it")
    if len(word) > LONGEST_TERM:
        raise ExtraTermsInvalid(f"{key}: {word!r} is longer than {LONGEST_TERM} characters")
    if before := meanings.get(word):
        raise ExtraTermsInvalid(f"{key}: {word!r} is also in {before}")
    meanings[word] = key
