"""Puts a reading together from a review's parts and its numbers, whoever gave the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from domain.analysis.mentions import find_mentions
from domain.analysis.quoting import quote
from domain.analysis.scoring import Clause, Parsed, Score, Scores
from domain.cards import AspectMention, Evidence, Flag, Reading
from domain.emotions import EMOTIONS, Emotion
from domain.tally import POLARITY_BAND

#: From here a polarity is clear enough to speak of a contradiction.
CLEAR = 0.4
GOOD_STARS, BAD_STARS = 4.0, 2.0
MOST_KEYWORDS = 8

_GOOD = frozenset({Emotion.JOY, Emotion.SATISFACTION, Emotion.INTEREST})


def build_reading(review: Parsed, scores: Scores, rating: float | None) -> Reading:
    """Return the reading; the stars only decide whether they contradict the words."""
    mentions = find_mentions(review, scores.clauses)
    return Reading(
        language=review.language,
        primary_emotion=primary_emotion(scores),
        emotions=tuple(zip(EMOTIONS, scores.emotions, strict=True)),
        intensity=scores.intensity,
        polarity=scores.polarity,
        aspects=mentions,
        keywords=_keywords(review),
        headline=_headline(review, scores),
        flags=_flags(scores, mentions, rating),
    )


def primary_emotion(scores: Scores) -> Emotion:
    """Return the strongest emotion on the side the polarity is on; of equals the first."""
    best, top = Emotion.NEUTRAL, 0.0
    for emotion, score in zip(EMOTIONS, scores.emotions, strict=True):
        if score > top and _agrees(emotion, scores.polarity):
            best, top = emotion, score
    return best


def _agrees(emotion: Emotion, polarity: float) -> bool:
    if abs(polarity) <= POLARITY_BAND or emotion is Emotion.SURPRISE:
        return True
    return emotion is not Emotion.NEUTRAL and (emotion in _GOOD) == (polarity > 0)


def _headline(review: Parsed, scores: Scores) -> Evidence:
    """The strongest clause, the first of equals, around its strongest word."""
    strongest = max(range(len(scores.clauses)), key=lambda n: _strength(scores.clauses[n]))
    clause = review.clauses[strongest]
    return quote(review.text, clause.span, _strongest_word(clause))


def _strength(score: Score) -> float:
    return abs(score.polarity) + score.intensity


def _strongest_word(clause: Clause) -> int:
    """Return the offset of the clause's strongest word, of its start if it has none."""
    if not clause.marks:
        return clause.span[0]
    return max(clause.marks, key=lambda mark: abs(mark.value)).start


def _keywords(review: Parsed) -> tuple[str, ...]:
    names = (mark.keyword for clause in review.clauses for mark in clause.marks if mark.keyword)
    return tuple(dict.fromkeys(names))[:MOST_KEYWORDS]


def _flags(
    scores: Scores, mentions: Sequence[AspectMention], rating: float | None
) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    # One clause may praise one aspect and blame another.
    polarities = [clause.polarity for clause in scores.clauses]
    polarities += [mention.polarity for mention in mentions]
    if max(polarities) >= CLEAR and min(polarities) <= -CLEAR:
        flags.append(Flag.MIXED)
    if rating is not None and (
        (rating >= GOOD_STARS and scores.polarity <= -CLEAR)
        or (rating <= BAD_STARS and scores.polarity >= CLEAR)
    ):
        flags.append(Flag.RATING_MISMATCH)
    return tuple(flags)
