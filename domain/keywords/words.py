"""The lists of words that stems treat otherwise than the rest."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple


class KoreanWords(NamedTuple):
    """The lists of words_ko.toml."""

    light: frozenset[str]
    common_verbs: frozenset[str]
    common_nouns: frozenset[str]
    verdicts: frozenset[str]
    short_nouns: frozenset[str]
    adverbs: dict[str, str]


class EnglishWords(NamedTuple):
    """The lists of words_en.toml."""

    common: frozenset[str]
    verdicts: frozenset[str]
    denials: frozenset[str]
    between: frozenset[str]


@cache
def korean_words() -> KoreanWords:
    """Return the Korean lists, read once."""
    lists = _read("words_ko.toml")
    names = (name for name in KoreanWords._fields if name != "adverbs")
    return KoreanWords(**{name: _words(lists[name]) for name in names}, adverbs=lists["adverbs"])


@cache
def english_words() -> EnglishWords:
    """Return the English lists, read once."""
    lists = _read("words_en.toml")
    return EnglishWords(**{name: _words(lists[name]) for name in EnglishWords._fields})


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("domain.keywords") / file).read_text(encoding="utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())
