"""The word lists: what a term is, and how the data files are read into terms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from domain.aspects import Aspect
from domain.emotions import EMOTIONS, Emotion

_PACKAGE = "domain.analysis"
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")
#: What a … may stand for: a few syllables of the same sentence.
_NEAR = r"[^.!?\n]{0,12}?"
_EMOTION_INDEX = {emotion: place for place, emotion in enumerate(EMOTIONS)}


class Role(StrEnum):
    """Where a word takes its polarity from."""

    #: From itself.
    PLAIN = ""
    #: From 잘 (good), 안 and 못 (bad) beside it; without them it says nothing: 붙다, 열리다.
    FUNCTION = "function"
    #: From the verdict that follows; alone, or with 너무, it has its own: 작다, 크다, 얇다.
    SCALE = "scale"


class Rank:
    """Whose aspect counts where a noun and what is said of it name two: the higher one's."""

    #: A named part (나사, 뚜껑): its aspect counts for a general verdict only.
    PART = 1
    #: The usual aspect of a word, any noun's goes before: 약하다 is durability, 모터가 약하다 not.
    YIELDING = 2
    NOUN = 3
    #: A word that is always about its aspect: 불편하다, 비싸다.
    FIRM = 4
    #: A noun that owns all that is said of it: 배송비가 비싸다 is no price.
    OWNER = 5
    #: A measure (가격대비): it is spoken of beside what it measures.
    BESIDE = 6


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the lexicon.

    `polarity` −1..1; `emotions` are places in `EMOTIONS`; `factor` multiplies the feeling that
    follows (1: it does not); `turns` negates it. A `leaning` word speaks for itself only where
    it does not lean on a negation; an `echo` (ㅋㅋ) only where nothing else speaks. What
    `governs` says something about the aspect noun beside it; `also` is a second aspect.
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
    role: Role = Role.PLAIN
    rank: int = 0
    governs: bool = True
    also: Aspect | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling of a term as a data file gives it, before conjugation or inflection.

    With `then`, it counts only where that pattern follows it.
    """

    text: str
    term: Term
    then: re.Pattern[str] | None = None


#: The sections of an aspect list, and whose aspect counts for what (see `Rank`).
NOUN_RANKS = {
    "parts": Rank.PART,
    "terms": Rank.NOUN,
    "owners": Rank.OWNER,
    "measures": Rank.BESIDE,
}


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
    return (*_nouns(document), *_shadows(document))


def _nouns(document: dict[str, Any]) -> Iterator[Form]:
    for section, rank in NOUN_RANKS.items():
        for aspect, rows in document.get(section, {}).items():
            for row in rows:
                yield from read_row(row, {"aspect": _aspect(aspect), "keyword": True, "rank": rank})


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
            "role": Role(group.get("role", "")),
            "governs": bool(group.get("governs", not echo)),
        }
        for row in group["forms"]:
            yield from read_row(row, fields)


def _strengths(groups: list[dict[str, Any]]) -> Iterator[Form]:
    for group in groups:
        for row in group["forms"]:
            yield from read_row(row, {"factor": float(group["factor"])})


def _negators(section: dict[str, Any]) -> Iterator[Form]:
    if not section:
        return
    fields = {
        "polarity": float(section["polarity"]),
        "emotions": (_emotion("disappointment"),),
        "leaning": True,
    }
    for row in section.get("leaning", ()):
        yield from read_row(row, fields | {"keyword": True})
    for row in section.get("turning", ()):
        yield from read_row(row, fields | {"turns": True})


def _shadows(document: dict[str, Any]) -> Iterator[Form]:
    shadow = Term("")
    for form in document.get("shadows", {}).get("forms", ()):
        yield Form(form, shadow)


def read_row(row: str, fields: dict[str, Any]) -> Iterator[Form]:
    """Read one "dictionary form / another form | another word … @aspect+another?"."""
    words, _, aspects = row.partition("@")
    if aspects:
        first, _, second = aspects.rstrip("?").partition("+")
        fields = fields | {
            "aspect": _aspect(first),
            "also": _aspect(second) if second else None,
            "rank": Rank.YIELDING if aspects.endswith("?") else Rank.FIRM,
        }
    for word in words.split(" | "):
        forms = word.split("/")
        term = Term(name=_plain(forms[0]), **fields)
        for form in forms:
            if not form.endswith("="):
                yield from _spellings(form, term)


def _plain(form: str) -> str:
    """Return a form without its signs: the name of its term."""
    opened = form.partition("…")[0]
    return next(_expanded(opened)).strip("_=+").removesuffix(".")


def _spellings(form: str, term: Term) -> Iterator[Form]:
    """Write out {the,alternatives} of a form, and what must follow it behind a …"""
    form, _, then = form.partition("…")
    follows = None
    if then:
        follows = re.compile(_NEAR + "(?:" + "|".join(map(re.escape, _expanded(then))) + ")")
    for spelling in _expanded(form):
        yield Form(spelling, term, follows)


def _expanded(form: str) -> Iterator[str]:
    """Write out {the,alternatives} of a form."""
    parts = _ALTERNATIVES.split(form)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


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
