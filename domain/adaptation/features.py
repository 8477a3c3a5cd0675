"""Texts as the trained model sees them: bucket numbers and signals, in place of the words.

What is kept of a text is enough to give it a polarity by any model of the same rules, and four
bytes an n-gram: 2²⁴ buckets, and a bit that says whether the n-gram counts turned.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from domain.analysis.analyzer import parse
from domain.analysis.lexical import SIGNALS, signals
from domain.analysis.model import POLARITY_BITS
from domain.analysis.ngrams import TURNED, extract
from domain.analysis.scoring import Parsed

#: Set in a code whose n-gram counts turned.
TURNED_BIT = np.uint32(1 << POLARITY_BITS)
_BUCKET = TURNED_BIT - np.uint32(1)
#: Sentences that use every family of n-grams and every form of negation.
_PROBES = (
    "배송이 정말 빨라요. 포장도 꼼꼼했어요!!",
    "맛은 좋지 않은데 비리지는 안 나요 ㅠㅠ 하나도 없어요",
    "I would not buy it again, it doesn't WORK at   all.",
    "안 좋아요",
    "굿",
)

Codes = NDArray[np.uint32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Texts without their words, one after the other, and which side each is on."""

    #: Bucket numbers of all texts, ascending within each, `TURNED_BIT` set where turned.
    codes: Codes
    #: Where each text's codes begin, and where the last one's end: one more than texts.
    starts: NDArray[np.int64]
    #: Texts × `SIGNALS`: what the word lists say.
    signals: NDArray[np.float32]
    #: Whether the writer was pleased.
    positive: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.positive)

    def between(self, first: int, last: int) -> Examples:
        """Return the texts from `first` up to, not with, `last`; nothing is copied."""
        starts = self.starts[first : last + 1]
        return Examples(
            self.codes[starts[0] : starts[-1]],
            starts - starts[0],
            self.signals[first:last],
            self.positive[first:last],
        )


def every_second(examples: Examples, first: int) -> Examples:
    """Return every second text, from the `first` on."""
    store = ExampleStore()
    for place in range(first, len(examples), 2):
        store.add(examples.between(place, place + 1))
    return store.all()


def read_texts(texts: Sequence[str]) -> list[Parsed | None]:
    """Take texts apart; None in the place of one that the analyzer cannot read."""
    return [parsed if isinstance(parsed := parse(text), Parsed) else None for text in texts]


def examples_of(reviews: Sequence[Parsed], positive: Sequence[bool]) -> Examples:
    """Return reviews without their words."""
    if not reviews:
        return no_examples()
    found = extract([review.text for review in reviews], [[(0, len(r.text))] for r in reviews])
    codes = found.hash >> np.uint32(32 - POLARITY_BITS)
    codes |= np.where(found.value == TURNED, TURNED_BIT, np.uint32(0))
    order = np.lexsort((codes, found.text))
    counts = np.bincount(found.text, minlength=len(reviews))
    return Examples(
        codes[order],
        np.concatenate(([0], np.cumsum(counts))),
        np.array([said(review) for review in reviews], np.float32),
        np.array(positive, np.bool_),
    )


def said(review: Parsed) -> tuple[float, ...]:
    """Return what the word lists say of a review: `SIGNALS` numbers."""
    return signals(mark for clause in review.clauses for mark in clause.marks)


def no_examples() -> Examples:
    """Return examples of no text."""
    none_said = np.zeros((0, SIGNALS), np.float32)
    codes, starts = np.zeros(0, np.uint32), np.zeros(1, np.int64)
    return Examples(codes, starts, none_said, np.zeros(0, np.bool_))


class ExampleStore:
    """Takes examples in as they come, and gives them as one; holds each n-gram once."""

    def __init__(self) -> None:
        self._codes = array("I")
        self._lengths: list[NDArray[np.int64]] = []
        self._signals: list[NDArray[np.float32]] = []
        self._positive: list[NDArray[np.bool_]] = []

    def add(self, part: Examples) -> None:
        """Take examples in."""
        self._codes.frombytes(part.codes.tobytes())
        self._lengths.append(np.diff(part.starts))
        self._signals.append(part.signals)
        self._positive.append(part.positive)

    def all(self) -> Examples:
        """Return what was taken in; nothing may be added after."""
        none = no_examples()
        lengths = np.concatenate([none.starts[1:], *self._lengths])
        return Examples(
            np.frombuffer(self._codes, np.uint32),
            np.concatenate(([0], np.cumsum(lengths))),
            np.concatenate([none.signals, *self._signals]),
            np.concatenate([none.positive, *self._positive]),
        )


def values(codes: Codes) -> NDArray[np.float32]:
    """Return what each n-gram counts."""
    return np.where(codes & TURNED_BIT, TURNED, np.float32(1))


def buckets(codes: Codes) -> Codes:
    """Return the bucket of each n-gram."""
    return codes & _BUCKET


@cache
def feature_rules() -> str:
    """Return a hash of what n-grams come of texts, 8 hex digits.

    It changes with the rules' outcome and not with their wording; models and examples of another
    hash have numbers for other n-grams. What the word lists say is not in it: see `word_rules`.
    """
    found = extract(_PROBES, [[(0, len(text))] for text in _PROBES])
    order = np.lexsort((found.value, found.hash, found.text))
    digest = hashlib.blake2b(f"{POLARITY_BITS} {SIGNALS} {TURNED}\n".encode(), digest_size=4)
    for column, kind in ((found.text, "<i8"), (found.hash, "<u4"), (found.value, "<f4")):
        digest.update(column[order].astype(kind).tobytes())
    return digest.hexdigest()
