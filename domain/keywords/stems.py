"""Stems: the words of a text in their dictionary form, and where they stand."""

from __future__ import annotations

from typing import NamedTuple


class Stem(NamedTuple):
    """A word in dictionary form, with what denies it ("안 좋다", "냄새 없다", "not good").

    Offsets are code points of the text it was found in, end exclusive.
    """

    name: str
    start: int
    end: int


class Morpheme(NamedTuple):
    """One morpheme of a Korean text, with the Sejong tag set's name of its kind."""

    form: str
    #: "NNG", "VA" …, without what Kiwi adds for regular and irregular ones.
    tag: str
    #: Dictionary form of a verb or an adjective; the form itself of anything else.
    lemma: str
    start: int
    end: int
