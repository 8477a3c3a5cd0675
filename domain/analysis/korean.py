"""Finds lexicon and aspect terms in Korean text, in one pass of an automaton."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import ahocorasick

from domain.analysis.conjugation import stems
from domain.analysis.lexicon import Form, Term, load_aspects, load_lexicon
from domain.analysis.matching import Hit, lower, one_term


class KoreanMatcher:
    """The word lists as one automaton; matches are leftmost-longest and do not overlap."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        for key, (at_start, term) in _keys(forms).items():
            self._automaton.add_word(key, (len(key), at_start, term))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit]:
        """Return the terms of a text in order of their place."""
        lowered = lower(text)
        found: list[Hit] = []
        # The automaton's own leftmost-longest search misses matches in rare cases, so all are
        # taken, in order of their ends, and the overlapped ones dropped here.
        for last, (length, at_start, term) in self._automaton.iter(lowered):
            start = last + 1 - length
            if at_start and start and lowered[start - 1].isalnum():
                continue
            while found and found[-1][0] >= start:
                found.pop()
            if not found or found[-1][1] <= start:
                found.append((start, last + 1, term))
        return found


@cache
def korean_matcher() -> KoreanMatcher:
    """Return the matcher of the Korean lists and the emoticons, built on first use."""
    return KoreanMatcher(
        (
            *load_lexicon("lexicon_ko.toml"),
            *load_lexicon("emoticons.toml"),
            *load_aspects("aspects_ko.toml"),
        )
    )


@cache
def emoticon_matcher() -> KoreanMatcher:
    """Return the matcher for texts without a letter, built on first use."""
    return KoreanMatcher(load_lexicon("emoticons.toml"))


def _keys(forms: Iterable[Form]) -> dict[str, tuple[bool, Term]]:
    """Return what to look for, with whether it must open a word, and the term it means.

    A spelling written in a list beats one that conjugation makes of another word. A word in
    both a feeling list and an aspect list becomes one term with both.

    Raises:
        LexiconInvalid: two feeling words, or two aspects, share a written spelling.
    """
    written: dict[str, tuple[bool, Term]] = {}
    made: dict[str, tuple[bool, Term]] = {}
    for form in forms:
        term = form.term
        at_start, text = form.text.startswith("_"), form.text.removeprefix("_")
        literal = text.endswith(".")
        text = text.removesuffix(".")
        for spelling in _spacings(text):
            before = written.get(spelling)
            written[spelling] = (at_start, one_term(spelling, before and before[1], term))
        for stem in (text,) if literal else stems(text):
            for spelling in _spacings(stem):
                made.setdefault(spelling, (at_start, term))
    # A form in 다 is looked for by its stems, which are shorter.
    return made | {key: value for key, value in written.items() if key in made}


def _spacings(text: str) -> tuple[str, ...]:
    """Writers leave spaces out: return the form with and without."""
    return (text, text.replace(" ", "")) if " " in text else (text,)
