"""The emotion card, and the failure record that stands where a card cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from domain.aspects import Aspect
from domain.emotions import Emotion
from domain.signals import Signal, SignalKind


class Flag(StrEnum):
    """What a reader of the card should know besides its feelings."""

    DUPLICATE = "duplicate"
    SUSPICIOUS = "suspicious"
    EDITED = "edited"
    PII_MASKED = "pii_masked"
    MIXED = "mixed"
    RATING_MISMATCH = "rating_mismatch"


#: The flags that signals stand behind.
DOUBTS = (Flag.DUPLICATE, Flag.SUSPICIOUS)
_COPIES = (SignalKind.COPY, SignalKind.COPY_ELSEWHERE)


class FailureReason(StrEnum):
    """Why a review has no card. Never shown as "neutral"."""

    EMPTY_TEXT = "empty_text"
    ONLY_SYMBOLS = "only_symbols"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    UNDECODABLE = "undecodable"
    #: The analyzer failed on it repeatedly; the job is in the dead-letter state.
    DEAD_LETTER = "dead_letter"


class Evidence(NamedTuple):
    """A verbatim span: `review.text[start:end] == text`, offsets in code points."""

    text: str
    start: int
    end: int


class AspectMention(NamedTuple):
    """What one clause says of one aspect. Polarity −1..1, intensity 0..1."""

    aspect: Aspect
    polarity: float
    intensity: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """What an analyzer reads in one review; everything of a card but its identity.

    `emotions` has all ten labels in the order of `domain.emotions.EMOTIONS`, scores 0..1.
    Scores, polarity and intensity are rounded to 4 places so that a stored card and a fresh
    one are equal.
    """

    language: str
    primary_emotion: Emotion
    emotions: tuple[tuple[Emotion, float], ...]
    intensity: float
    polarity: float
    aspects: tuple[AspectMention, ...]
    keywords: tuple[str, ...]
    headline: Evidence
    flags: tuple[Flag, ...] = ()

    def with_flag(self, flag: Flag) -> Reading:
        """Return the reading with one more flag."""
        return replace(self, flags=(*self.flags, flag))


@dataclass(frozen=True, slots=True)
class AnalysisFailure:
    """A review that cannot be analysed, with the reason."""

    reason: FailureReason
    message: str


class ReviewText(NamedTuple):
    """What an analyzer is given: the stored text, and the stars (1..5) if any."""

    text: str
    rating: float | None


class Analyzer(Protocol):
    """Reads reviews. Pure: the same text gives the same reading, whatever the batch."""

    @property
    def version(self) -> str:
        """Changes whenever a reading may change; part of every key that depends on it."""

    def analyze(self, reviews: Sequence[ReviewText]) -> list[Reading | AnalysisFailure]:
        """Return one outcome a review, in the order given."""


@dataclass(frozen=True, slots=True)
class Card:
    """One emotion card: a reading and whose it is."""

    task_id: str
    product_id: str
    review_id: str
    content_hash: str
    rating: float | None
    reviewed_at: datetime | None
    analyzer_version: str
    reading: Reading
    #: Found when all reviews are there; none before.
    signals: tuple[Signal, ...] = ()

    @property
    def doubts(self) -> tuple[Flag, ...]:
        """The flags that the signals amount to."""
        kinds = {signal.kind for signal in self.signals}
        copied, staged = kinds.intersection(_COPIES), kinds.difference(_COPIES)
        found = ((Flag.DUPLICATE, copied), (Flag.SUSPICIOUS, staged))
        return tuple(flag for flag, there in found if there)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, those of the reading first."""
        return (*self.reading.flags, *self.doubts)

    @property
    def card_id(self) -> str:
        """One card a review and analysis, by construction."""
        return f"{self.task_id}:{self.review_id}"
