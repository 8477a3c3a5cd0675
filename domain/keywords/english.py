"""English stems: lower-cased words without common ones, plurals undone, denials kept.

Plurals only, by four rules: -ies, -ches/-shes/-sses/-xes, -s. Verbs are left as they are written:
"charge", "charges" and "charging" are two stems, not one.
"""

from __future__ import annotations

import re

from domain.keywords.stems import Stem
from domain.keywords.words import english_words

_WORD = re.compile(r"[a-z][a-z0-9]*(?:['’\-][a-z0-9]+)*")
_LONG_PLURAL = ("ches", "shes", "sses", "xes")
_NO_PLURAL = ("ss", "us", "is", "ous")
_SHORTEST = 3
#: Words between a denial and what it denies, at most.
_REACH = 3


def english_stems(text: str) -> list[Stem]:
    """Return the stems of one text, in order of their place.

    "not" and its like go with the next word that is no stop word: "not very sturdy" is
    "not sturdy".
    """
    words = english_words()
    found: list[Stem] = []
    denial, passed = -1, 0
    for match in _WORD.finditer(text.lower() if text.isascii() else _lowered(text)):
        word = match.group().replace("’", "'")
        if word in words.denials:
            denial, passed = match.start(), 0
        elif word in words.common or singular(word) in words.common or len(word) < _SHORTEST:
            passed += 1
            if word not in words.between or passed > _REACH:
                denial = -1
        else:
            stem = singular(word)
            if denial >= 0:
                found.append(Stem(f"not {stem}", denial, match.end()))
            else:
                found.append(Stem(stem, match.start(), match.end()))
            denial = -1
    return found


def _lowered(text: str) -> str:
    """Return the text in lower case, each letter at its place: İ would become two."""
    return "".join(lower if len(lower := each.lower()) == 1 else each for each in text)


def singular(word: str) -> str:
    """Return a word without its plural ending, as far as a rule tells: batteries → battery."""
    if len(word) <= _SHORTEST or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word.removesuffix("'s")
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        return word[:-3] + "y"
    if word.endswith(_LONG_PLURAL):
        return word[:-2]
    return word.removesuffix("'s") if word.endswith("'s") else word[:-1]
