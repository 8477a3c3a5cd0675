"""A bag of sentences that is emptied before one is said again."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from demo.sentences import Sentence, Tone
from domain.aspects import Aspect


class SentenceBag:
    """Draws sentences by aspect and tone, each once before any comes back.

    Plain random choice would repeat some sentences five times in a hundred reviews and never
    say others; people repeat themselves less.
    """

    def __init__(self, sentences: Iterable[Sentence], dice: random.Random) -> None:
        self._dice = dice
        self._all: dict[tuple[Aspect, Tone], list[Sentence]] = defaultdict(list)
        for sentence in sentences:
            self._all[sentence.aspect, sentence.tone].append(sentence)
        self._left: dict[tuple[Aspect, Tone], list[Sentence]] = {}

    def tones(self, aspect: Aspect) -> frozenset[Tone]:
        """Return the tones in which the aspect can be spoken of."""
        return frozenset(tone for known, tone in self._all if known is aspect)

    def draw(self, aspect: Aspect, tone: Tone) -> Sentence:
        """Return a sentence; the pair must be one that `tones` names."""
        left = self._left.setdefault((aspect, tone), [])
        if not left:
            left.extend(self._all[aspect, tone])
            self._dice.shuffle(left)
        return left.pop()
