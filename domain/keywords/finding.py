"""Finds the stems of reviews in either language; Kiwi is loaded for the first Korean one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.keywords.english import english_stems
from domain.keywords.korean import korean_stems
from domain.keywords.morphemes import Kiwi
from domain.keywords.stems import Stem
from domain.masking import MARKERS

#: Code points of a text that are read: what a review is about it says at once, and one of 20,000
#: would take as long as five hundred others.
LONGEST = 1000
#: What stands where something personal stood. Other brackets hold words: "[배송비] 비싸요".
_MASKED = re.compile("|".join(map(re.escape, MARKERS.values())))


class Text(NamedTuple):
    """A text, and which language it is in: "ko" or "en"."""

    text: str
    language: str


class StemFinder:
    """Finds stems; the same text gives the same ones, whatever the batch."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._kiwi: Kiwi | None = None

    def find(self, texts: Sequence[Text]) -> Iterator[list[Stem]]:
        """Yield the stems of each text, in the order given."""
        readable = [unmasked(each.text[:LONGEST]) for each in texts]
        pairs = list(zip(texts, readable, strict=True))
        korean = [text for each, text in pairs if each.language == "ko"]
        split = self._loaded().split(korean) if korean else iter(())
        for each, text in pairs:
            yield korean_stems(next(split)) if each.language == "ko" else english_stems(text)

    def _loaded(self) -> Kiwi:
        if self._kiwi is None:
            self._kiwi = Kiwi(self._threads)
        return self._kiwi


def unmasked(text: str) -> str:
    """Return a text with blanks, as many, where masked personal data is marked."""
    if "[" not in text:
        return text
    return _MASKED.sub(lambda match: " " * len(match.group()), text)
