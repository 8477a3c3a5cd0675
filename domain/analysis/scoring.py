"""From marks to numbers: how a clause feels, how a review feels.

A sum of feelings is squashed to −1..1 as s / sqrt(s² + SOFTNESS): one plain word gives about
±0.65, and more words come ever closer to ±1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple, Protocol

from domain.analysis.clauses import Span
from domain.analysis.negation import Mark
from domain.emotions import EMOTIONS, Emotion

SOFTNESS = 0.5
#: An exclamation mark, ㅋㅋ or ㅠㅠ makes what was said louder.
LOUDER = 1.15
#: The last clause is where a writer says what it comes to.
LAST_WORD = 1.5

_NEUTRAL = EMOTIONS.index(Emotion.NEUTRAL)
_SATISFACTION = (EMOTIONS.index(Emotion.SATISFACTION),)
_DISAPPOINTMENT = (EMOTIONS.index(Emotion.DISAPPOINTMENT),)
#: Emotions come in company: who is angry is disappointed too. The share of an emotion's amount
#: that each of its kin gets (by hand, in the direction KOTE's multiple labels show).
_KIN: dict[Emotion, dict[Emotion, float]] = {
    Emotion.JOY: {Emotion.SATISFACTION: 0.4, Emotion.INTEREST: 0.25},
    Emotion.SATISFACTION: {Emotion.JOY: 0.4, Emotion.INTEREST: 0.25},
    Emotion.INTEREST: {Emotion.JOY: 0.2},
    Emotion.ANGER: {Emotion.DISAPPOINTMENT: 0.5, Emotion.DISGUST: 0.35, Emotion.ANXIETY: 0.2},
    Emotion.DISAPPOINTMENT: {Emotion.ANGER: 0.4, Emotion.DISGUST: 0.15, Emotion.ANXIETY: 0.2},
    Emotion.SADNESS: {Emotion.DISAPPOINTMENT: 0.3, Emotion.ANXIETY: 0.2},
    Emotion.ANXIETY: {Emotion.DISAPPOINTMENT: 0.3, Emotion.ANGER: 0.15},
    Emotion.DISGUST: {Emotion.ANGER: 0.5, Emotion.DISAPPOINTMENT: 0.4, Emotion.ANXIETY: 0.2},
}
_COMPANY = tuple(
    tuple((EMOTIONS.index(kin), share) for kin, share in _KIN.get(emotion, {}).items())
    for emotion in EMOTIONS
)
#: An emotion word without polarity (놀라다) still shows its emotion this strongly.
_UNSIGNED = 0.5


class Clause(NamedTuple):
    """A clause and what was found in it."""

    span: Span
    marks: Sequence[Mark]


class Parsed(NamedTuple):
    """A review taken apart: all a scorer may look at."""

    text: str
    language: str
    clauses: Sequence[Clause]


class Score(NamedTuple):
    """Polarity −1..1 and intensity 0..1 of a clause."""

    polarity: float
    intensity: float


_SILENT = Score(0.0, 0.0)


class Scores(NamedTuple):
    """The numbers of a review; `emotions` in the order of `EMOTIONS`, `clauses` as parsed."""

    polarity: float
    intensity: float
    emotions: tuple[float, ...]
    clauses: Sequence[Score]


class Scorer(Protocol):
    """Gives reviews their numbers. What it returns for a review depends on that review alone."""

    @property
    def version(self) -> str:
        """Changes whenever a number may change."""

    def score(self, reviews: Sequence[Parsed]) -> list[Scores]:
        """Return the numbers of each review, in the order given."""


class LexiconScorer:
    """Adds up what the marks of each clause say."""

    version = "lexicon-1"

    def score(self, reviews: Sequence[Parsed]) -> list[Scores]:
        """Return the numbers of each review, in the order given."""
        return [_score_review(review) for review in reviews]


def _score_review(review: Parsed) -> Scores:
    amounts = [0.0] * len(EMOTIONS)
    total = strength = 0.0
    clauses: list[Score] = []
    last = len(review.clauses) - 1
    for place, (span, marks) in enumerate(review.clauses):
        if not marks:
            clauses.append(_SILENT)
            continue
        feeling, loudness = _add_up(marks, amounts)
        if "!" in review.text and "!" in review.text[span[0] : span[1]]:
            feeling, loudness = feeling * LOUDER, loudness * LOUDER
        clauses.append(Score(_number(feeling), _number(loudness)))
        weight = LAST_WORD if 0 < place == last else 1.0
        total += feeling * weight
        strength += loudness
    intensity = _squash(strength)
    return Scores(_number(total), round(intensity, 4), _emotions(amounts, intensity), clauses)


def _emotions(amounts: list[float], intensity: float) -> tuple[float, ...]:
    """Return the ten scores; what is not felt is neutral."""
    felt = amounts.copy()
    for emotion, amount in enumerate(amounts):
        if amount:
            for kin, share in _COMPANY[emotion]:
                felt[kin] += amount * share
    scores = [_number(amount) if amount else 0.0 for amount in felt]
    scores[_NEUTRAL] = round(max(0.0, 1.0 - 2.0 * intensity), 4)
    return tuple(scores)


def _add_up(marks: Sequence[Mark], amounts: list[float]) -> tuple[float, float]:
    """Return the sum of the feelings and of their sizes; add to the emotions' amounts."""
    feeling = loudness = 0.0
    echo: Mark | None = None
    for mark in marks:
        term, value = mark.term, mark.value
        if not term.emotions:
            continue
        if term.echo:
            echo = mark
            continue
        size = abs(value) if value else _UNSIGNED
        feeling += value
        loudness += size
        emotions = term.emotions
        if mark.turned:
            emotions = _SATISFACTION if value > 0 else _DISAPPOINTMENT
        for emotion in emotions:
            amounts[emotion] += size
    if echo is None:
        return feeling, loudness
    if loudness:
        return feeling * LOUDER, loudness * LOUDER
    for emotion in echo.term.emotions:
        amounts[emotion] += abs(echo.value)
    return echo.value, abs(echo.value)


def _squash(amount: float) -> float:
    return amount / sqrt(amount * amount + SOFTNESS)


def _number(amount: float) -> float:
    # Adding zero turns the -0.0 that rounding may leave into 0.0.
    return round(_squash(amount), 4) + 0.0
