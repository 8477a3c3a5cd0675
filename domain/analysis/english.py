"""Finds lexicon and aspect terms in English text: whole words, phrases and emoticons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from domain.analysis.lexicon import Form, Term, load_aspects, load_lexicon
from domain.analysis.matching import Hit, lower, one_term

_TOKEN = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
#: "sooooo goooood": three of a letter are never spelling.
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_VOWELS = "aeiou"


class EnglishMatcher:
    """The word lists by the first word of each phrase; the longest phrase wins."""

    def __init__(self, words: Iterable[Form], emoticons: Iterable[Form]) -> None:
        keys: dict[tuple[str, ...], Term] = {}
        for form in words:
            for spelling in inflections(form.text):
                tokens = tuple(_TOKEN.findall(spelling))
                keys[tokens] = one_term(spelling, keys.get(tokens), form.term)
        self._words = {tokens[0]: term for tokens, term in keys.items() if len(tokens) == 1}
        self._phrases: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        for tokens in sorted(keys, key=len, reverse=True):
            if len(tokens) > 1:
                self._phrases.setdefault(tokens[0], []).append((tokens, keys[tokens]))
        self._emoticons = {form.text: form.term for form in emoticons}
        longest_first = sorted(self._emoticons, key=len, reverse=True)
        self._emoticon = re.compile("|".join(map(re.escape, longest_first)))

    def find(self, text: str) -> list[Hit]:
        """Return the terms of a text in order of their place, none overlapping."""
        lowered = lower(text)
        spans = [(m.start(), m.end()) for m in _TOKEN.finditer(lowered)]
        tokens = [lowered[start:end].replace("’", "'") for start, end in spans]
        if _DRAWN_OUT.search(lowered):
            tokens = [self._plain(token) for token in tokens]
        hits: list[Hit] = []
        place, words, phrases = 0, self._words, self._phrases
        while place < len(tokens):
            token, count, term = tokens[place], 1, words.get(tokens[place])
            for phrase, meaning in phrases.get(token, ()):
                if tuple(tokens[place : place + len(phrase)]) == phrase:
                    count, term = len(phrase), meaning
                    break
            if term is not None:
                hits.append((spans[place][0], spans[place + count - 1][1], term))
            place += count
        found = self._emoticon.finditer(lowered)
        smiles = [(m.start(), m.end(), self._emoticons[m.group()]) for m in found]
        return _merged(hits, smiles) if smiles else hits

    def _plain(self, token: str) -> str:
        """Undo drawn-out letters: to two where that is a word, else to one."""
        doubled = _DRAWN_OUT.sub(r"\1\1", token)
        return doubled if doubled in self._words else _DRAWN_OUT.sub(r"\1", token)


def _merged(hits: list[Hit], smiles: list[Hit]) -> list[Hit]:
    """Order both by place; an emoticon made of a word's letters (":d") gives way to it."""
    taken: list[Hit] = []
    for hit in sorted(hits + smiles, key=lambda hit: (hit[0], -hit[1])):
        if not taken or taken[-1][1] <= hit[0]:
            taken.append(hit)
    return taken


def inflections(form: str) -> tuple[str, ...]:
    """Return the regular endings of a form that ends in +; any other form as it is."""
    if not form.endswith("+"):
        return (form,)
    word = form[:-1]
    if word.endswith("e"):
        return (word, word + "s", word + "d", word[:-1] + "ing")
    if word.endswith("y") and word[-2] not in _VOWELS:
        return (word, word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    return (word, word + "s", word + "ed", word + "ing")


@cache
def english_matcher() -> EnglishMatcher:
    """Return the matcher of the English lists and the emoticons, built on first use."""
    return EnglishMatcher(
        (*load_lexicon("lexicon_en.toml"), *load_aspects("aspects_en.toml")),
        load_lexicon("emoticons.toml"),
    )
