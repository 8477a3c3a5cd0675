"""Finds lexicon and aspect terms in Korean text, in one pass of an automaton."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

import ahocorasick

from domain.analysis.conjugation import stems
from domain.analysis.lexicon import Form, Term, load_aspects, load_lexicon
from domain.analysis.matching import Hit, lower, one_term


class KoreanMatcher:
    """The word lists as one automaton; matches are leftmost-longest and do not overlap."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        forms = tuple(forms)
        plain, guarded = _keys(forms), _guarded(forms)
        for key in plain.keys() | guarded.keys():
            at_start, term = plain.get(key, (False, None))
            self._automaton.add_word(key, (len(key), at_start, term, guarded.get(key, ())))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit]:
        """Return the terms of a text in order of their place."""
        lowered = lower(text)
        found: list[Hit] = []
        # The automaton's own leftmost-longest search misses matches in rare cases, so all are
        # taken, in order of their ends, and the overlapped ones dropped here.
        for last, (length, at_start, plain, guarded) in self._automaton.iter(lowered):
            start = last + 1 - length
            term = (_first(guarded, lowered, last + 1) or plain) if guarded else plain
            if term is None:
                continue
            if at_start and start and lowered[start - 1].isalnum():
                continue
            kept = len(found)
            while kept and found[kept - 1][0] >= start:
                kept -= 1
            # One that overlaps an earlier one is dropped, and drops nothing itself.
            if not kept or found[kept - 1][1] <= start:
                del found[kept:]
                found.append((start, last + 1, term))
        return found


@cache
def korean_matcher(extra: tuple[Form, ...] = ()) -> KoreanMatcher:
    """Return the matcher of the Korean lists and the emoticons, built on first use.

    A noun of `extra`, a user's own terms, takes the place of the lists' noun.

    Raises:
        LexiconInvalid: a term of `extra` is a strengthener or a softener (너무, 조금).
    """
    lists = (
        *load_lexicon("goods_ko.toml"),
        *load_lexicon("lexicon_ko.toml"),
        *load_lexicon("idioms_ko.toml"),
        *load_lexicon("emoticons.toml"),
        *load_aspects("aspects_ko.toml"),
    )
    own = {form.text.removeprefix("_") for form in extra}
    return KoreanMatcher((*(form for form in lists if not _is_replaced(form, own)), *extra))


def _is_replaced(form: Form, own: Collection[str]) -> bool:
    """Return whether a user's own terms have this noun, or the word this shadow hides."""
    if form.term.emotions or form.term.factor != 1.0:
        return False
    return form.term.name in own or form.text.removeprefix("_") in own


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
        if form.then is not None:
            continue
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


#: A pattern that must follow, and the term that then counts.
_Guarded = tuple[tuple[re.Pattern[str], Term], ...]


def _guarded(forms: Iterable[Form]) -> dict[str, _Guarded]:
    """Return the spellings that mean a term only where something follows them."""
    found: dict[str, _Guarded] = {}
    for form in forms:
        if form.then is not None:
            for stem in stems(form.text):
                for spelling in _spacings(stem):
                    found[spelling] = (*found.get(spelling, ()), (form.then, form.term))
    return found


def _first(guarded: _Guarded, text: str, end: int) -> Term | None:
    """Return the first term whose pattern follows at `end`, if one does."""
    return next((term for then, term in guarded if then.match(text, end)), None)


def _spacings(text: str) -> tuple[str, ...]:
    """Writers leave spaces out: return the form with and without those inside it."""
    head, inner = text[:1], text[1:].rstrip(" ")
    if " " not in inner:
        return (text,)
    return (text, head + inner.replace(" ", "") + text[1 + len(inner) :])
