"""The word lists: what a term is, and how the data files are read into terms."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from domain.aspects import Aspect
from domain.emotions import EMOTIONS, Emotion

_PACKAGE = "domain.analysis"
_EMOTION_INDEX = {emotion: place for place, emotion in enumerate(EMOTIONS)}


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the lexicon.

    `polarity` −1..1; `emotions` are places in `EMOTIONS`; `factor` multiplies the feeling that
    follows (1: it does not); `turns` negates it. A `leaning` word speaks for itself only where
    it does not lean on a negation; an `echo` (ㅋㅋ) only where nothing else speaks.
    """

    name: str
    polarity: float = 0.0
    emotions: tuple[int, ...] = ()
    aspect: Aspect | None = None
    factor: float = 1.0
    turns: bool = False
    leaning: bool = False
    echo: bool = False
    keyword: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a term as a data file gives it, before conjugation or inflection."""

    text: str
    term: Term


class LexiconInvalid(ValueError):
    """A data file breaks its own rules; raised when it is loaded, so no release ships it."""


def read_data(name: str) -> bytes:
    """Return a data file of this package as bytes."""
    return resources.files(_PACKAGE).joinpath(name).read_bytes()


@cache
def load_lexicon(name: str) -> tuple[Form, ...]:
    """Return the forms of a word list, in file order.

    Raises:
        LexiconInvalid: an unknown emotion or aspect, or a weight outside −1..1.
    """
    document = tomllib.loads(read_data(name).decode())
    return (
        *_words(document.get("words", ())),
        *_strengths(document.get("strength", ())),
        *_negators(document.get("negation", {})),
        *_shadows(document),
    )


@cache
def load_aspects(name: str) -> tuple[Form, ...]:
    """Return the forms of an aspect list, in file order.

    Raises:
        LexiconInvalid: an unknown aspect.
    """
    document = tomllib.loads(read_data(name).decode())
    forms: list[Form] = []
    for aspect, rows in document["terms"].items():
        for row in rows:
            forms += _row(row, {"aspect": _aspect(aspect), "keyword": True})
    return (*forms, *_shadows(document))


def _words(groups: list[dict[str, Any]]) -> Iterator[Form]:
    for group in groups:
        weight = float(group["polarity"])
        if not -1.0 <= weight <= 1.0:
            raise LexiconInvalid(f"polarity {weight} is outside -1..1")
        echo = bool(group.get("echo", False))
        fields = {
            "polarity": weight,
            "emotions": tuple(_emotion(name) for name in group["emotions"]),
            "echo": echo,
            "keyword": bool(group.get("keyword", not echo)),
        }
        for row in group["forms"]:
            yield from _row(row, fields)


def _strengths(groups: list[dict[str, Any]]) -> Iterator[Form]:
    for group in groups:
        for row in group["forms"]:
            yield from _row(row, {"factor": float(group["factor"])})


def _negators(section: dict[str, Any]) -> Iterator[Form]:
    if not section:
        return
    fields = {
        "polarity": float(section["polarity"]),
        "emotions": (_emotion("disappointment"),),
        "leaning": True,
    }
    for row in section.get("leaning", ()):
        yield from _row(row, fields | {"keyword": True})
    for row in section.get("turning", ()):
        yield from _row(row, fields | {"turns": True})


def _shadows(document: dict[str, Any]) -> Iterator[Form]:
    shadow = Term("")
    for form in document.get("shadows", {}).get("forms", ()):
        yield Form(form, shadow)


def _row(row: str, fields: dict[str, Any]) -> Iterator[Form]:
    """Read one "dictionary form / another form | another word … @aspect"."""
    words, _, aspect = row.partition("@")
    if aspect:
        fields = fields | {"aspect": _aspect(aspect)}
    for word in words.split(" | "):
        forms = word.split("/")
        term = Term(name=forms[0].strip("_=+"), **fields)
        for form in forms:
            if not form.endswith("="):
                yield Form(form, term)


def _emotion(name: str) -> int:
    try:
        return _EMOTION_INDEX[Emotion(name)]
    except ValueError:
        raise LexiconInvalid(f"no such emotion: {name}") from None


def _aspect(name: str) -> Aspect:
    try:
        return Aspect(name)
    except ValueError:
        raise LexiconInvalid(f"no such aspect: {name}") from None
