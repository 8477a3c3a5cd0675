"""Gives reviews their numbers by the trained model, a whole batch at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.analysis.lexical import signals
from domain.analysis.model import EMOTION_BITS, LEVELS, POLARITY_BITS, Model
from domain.analysis.ngrams import Features, Numbers, extract
from domain.analysis.scoring import LAST_WORD, Parsed, Score, Scores
from domain.emotions import EMOTIONS

#: Words as loud as this make half of the greatest intensity.
_SOFTNESS = 0.5

#: A clause speaks against another where both are this clear.
_CLEAR = 0.4
#: What is left of the polarity of a text that is torn in equal halves.
_LEAST = 0.1
#: What is left where good and bad are denied alike, and nothing is said: 좋지도 나쁘지도 않아요.
_NEITHER = 0.25

_TURN = re.compile(r"(?:지만|는?데|으?나|고)(?:도|서도|요)?[\s,.…~]*\Z")

Doubles = NDArray[np.float64]


class ModelScorer:
    """The trained model over n-grams and over what the word lists say."""

    def __init__(self, model: Model, version: str) -> None:
        self._model = model
        self._version = version
        # Looked up for every n-gram, ten at a time: kept as what the bytes are worth.
        self._emotion_levels = LEVELS.astype(np.float32)[model.emotions.view(np.uint8)]

    @property
    def version(self) -> str:
        """Changes with the model's file."""
        return f"model-{self._version}"

    def score(self, reviews: Sequence[Parsed]) -> list[Scores]:
        """Return the numbers of each review, in the order given."""
        if not reviews:
            return []
        spans = [[clause.span for clause in review.clauses] for review in reviews]
        found = extract([review.text for review in reviews], spans)
        whole, pieces = _signals(reviews)
        inside = np.flatnonzero(found.clause >= 0)
        weighed = self._weighed(found)
        logits = self._logits(weighed, found.text, whole)
        clauses = self._logits(weighed[inside], found.clause[inside], pieces)
        emotions = self._emotions(found, np.column_stack((whole, logits, _english(reviews))))
        texts = _Feelings(*self._feelings(logits, whole))
        said = _Feelings(*self._feelings(clauses, pieces))
        said = _by_the_lists(said, pieces, _before_a_turn(reviews))
        texts = _balanced(texts, said, reviews)
        return list(_scores(reviews, texts, said, emotions))

    def _weighed(self, found: Features) -> Doubles:
        buckets = found.hash >> np.uint32(32 - POLARITY_BITS)
        weighed: Doubles = LEVELS[self._model.polarity[buckets].view(np.uint8)] * found.value
        return weighed

    def _logits(self, weighed: Doubles, owner: Numbers, said: Doubles) -> Doubles:
        scale, bias, _, _ = self._model.polarity_line
        sums = _mean_root(owner, weighed, len(said))
        # A product summed row by row: a matrix product's last digits depend on the batch.
        lexical: Doubles = (said * self._model.signals).sum(axis=1)
        logits: Doubles = scale * sums + lexical + bias
        return logits

    def _feelings(self, logits: Doubles, said: Doubles) -> tuple[Doubles, Doubles]:
        """Return polarities −1..1 and intensities 0..1."""
        _, _, slope, shift = self._model.polarity_line
        polarity = np.tanh((slope * logits + shift) / 2)
        polarity = np.where(_is_neither(said), _NEITHER * polarity, polarity)
        loud = said[:, 0] ** 2 + said[:, 1] ** 2
        loud = loud / np.sqrt(loud * loud + _SOFTNESS)
        return polarity, (np.abs(polarity) + loud) / 2

    def _emotions(self, found: Features, dense: Doubles) -> Doubles:
        """Return the calibrated scores, texts × ten."""
        scales, biases, slopes, shifts = self._model.emotion_lines
        order = np.argsort(found.text, kind="stable")
        text, value = found.text[order], found.value[order]
        rows = self._emotion_levels[found.hash[order] >> np.uint32(32 - EMOTION_BITS)]
        turned = np.flatnonzero(value != 1)
        rows[turned] *= value[turned, None]
        firsts = np.flatnonzero(np.concatenate(([True], text[1:] != text[:-1])))[: len(text)]
        sums = np.zeros((len(dense), len(EMOTIONS)))
        sums[text[firsts]] = np.add.reduceat(rows, firsts, axis=0)
        counts = np.bincount(text, minlength=len(dense))
        sums /= np.sqrt(np.maximum(counts, 1))[:, None]
        lexical = (dense[:, :, None] * self._model.dense).sum(axis=1)
        logits = scales * sums + lexical + biases
        chances: Doubles = 1 / (1 + np.exp(-(slopes * logits + shifts)))
        return chances


class _Feelings(NamedTuple):
    polarity: Doubles
    intensity: Doubles


def _before_a_turn(reviews: Sequence[Parsed]) -> NDArray[np.bool_]:
    """Tell of each clause whether the writer turns after it: 예쁜데, 좋지만."""
    return np.array(
        [
            place < len(review.clauses) - 1 and _TURN.search(review.text, *clause.span) is not None
            for review in reviews
            for place, clause in enumerate(review.clauses)
        ]
    )


def _by_the_lists(clauses: _Feelings, said: Doubles, chosen: NDArray[np.bool_]) -> _Feelings:
    """Give chosen clauses the polarity that the word lists know, where they know a word.

    The model has learnt from whole texts. One that ends in 예쁜데, or begins with 맛은 좋, is a
    complaint, so it takes such a clause for one too; what comes after the turn is a clause of its
    own here.
    """
    known = said[:, :2].any(axis=1) & chosen
    polarity = np.where(known, said[:, 4], clauses.polarity)
    return clauses._replace(polarity=polarity)


def _is_neither(said: Doubles) -> NDArray[np.bool_]:
    """Tell where good words and bad ones are found, and each is a denied opposite."""
    both: NDArray[np.bool_] = (said[:, 0] > 0) & (said[:, 1] > 0)
    denied: NDArray[np.bool_] = (said[:, 0] == said[:, 2]) & (said[:, 1] == said[:, 3])
    return both & denied


def _balanced(texts: _Feelings, clauses: _Feelings, reviews: Sequence[Parsed]) -> _Feelings:
    """Let the polarity of a text with clear clauses for and against be that of their balance.

    The model is trained to choose a side: of 배송은 빠른데 포장이 별로예요 it knows the side, and
    is as sure of it as if nothing spoke for the other.
    """
    counts = np.array([len(review.clauses) for review in reviews])
    lasts = np.cumsum(counts) - 1
    owner = np.repeat(np.arange(len(reviews)), counts)
    clear = np.where(np.abs(clauses.polarity) >= _CLEAR, clauses.polarity, 0.0)
    clear[lasts] *= np.where(counts > 1, LAST_WORD, 1.0)
    good = np.bincount(owner, np.maximum(clear, 0.0), minlength=len(reviews))
    bad = np.bincount(owner, np.maximum(-clear, 0.0), minlength=len(reviews))
    own, other = np.where(texts.polarity > 0, (good, bad), (bad, good))
    left = np.maximum((own - other) / np.maximum(own + other, _CLEAR), _LEAST)
    torn = (good > 0) & (bad > 0)
    return texts._replace(polarity=np.where(torn, texts.polarity * left, texts.polarity))


def _mean_root(owner: Numbers, weights: Doubles, count: int) -> Doubles:
    """Return for each owner the sum of its weights over the square root of their number."""
    sums = np.bincount(owner, weights, minlength=count)
    numbers = np.bincount(owner, minlength=count)
    found: Doubles = sums / np.sqrt(np.maximum(numbers, 1))
    return found


def _signals(reviews: Sequence[Parsed]) -> tuple[Doubles, Doubles]:
    """Return the word lists' signals of each review, and of each clause."""
    whole, pieces = [], []
    for review in reviews:
        of_clauses = [signals(clause.marks) for clause in review.clauses]
        pieces += of_clauses
        if len(of_clauses) == 1:
            whole.append(of_clauses[0])
        else:
            whole.append(signals([mark for clause in review.clauses for mark in clause.marks]))
    return np.array(whole), np.array(pieces)


def _english(reviews: Sequence[Parsed]) -> NDArray[np.bool_]:
    return np.array([review.language == "en" for review in reviews])


def _scores(
    reviews: Sequence[Parsed], texts: _Feelings, clauses: _Feelings, emotions: Doubles
) -> Iterator[Scores]:
    rounded = [each.round(4).tolist() for each in (*texts, *clauses, emotions)]
    pieces = iter(zip(rounded[2], rounded[3], strict=True))
    for review, polarity, intensity, felt in zip(
        reviews, rounded[0], rounded[1], rounded[4], strict=True
    ):
        said = [Score(*next(pieces)) for _ in review.clauses]
        yield Scores(polarity, intensity, tuple(felt), said)
