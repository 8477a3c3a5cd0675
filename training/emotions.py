"""Fits the ten emotions: many at once in a text, each by a linear model of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from domain.analysis.language import identify
from domain.analysis.lexical import SIGNALS
from domain.analysis.model import EMOTION_BITS
from domain.emotions import EMOTIONS
from training.calibration import Line, best_threshold, fit_line
from training.corpora import Row, corpus
from training.matrices import hashed, lexical
from training.polarity import Polarity, logits

#: Larger fits the training rows closer.
STRENGTH = 2.0
#: KOTE is Korean and many-labelled, as cards are; GoEmotions is the English we have.
WEIGHTS = {"kote": 1.0, "goemotions_ko": 0.25}
#: Parts of the rows by which the scores are calibrated, each by a model that has not seen it.
FOLDS = 3
#: The signals and the polarity against the n-grams' values, which are about a tenth.
DENSE_SCALE = 0.1
#: The word lists' signals, the polarity's logit, whether the text is English.
DENSE = SIGNALS + 2


class Emotions(NamedTuple):
    """Ten fitted models: logits = n-grams @ buckets + dense @ weights + biases."""

    buckets: NDArray[np.float32]
    dense: NDArray[np.float32]
    bias: NDArray[np.float32]
    lines: list[Line]
    thresholds: NDArray[np.float32]


def emotion_rows(data: Path, *, kept_back: bool) -> list[Row]:
    """Return the rows with emotions that are, or are not, kept back."""
    return [row for name in WEIGHTS for row in corpus(data, name) if row.kept_back == kept_back]


def dense_columns(texts: Sequence[str], polarity: Polarity) -> NDArray[np.float32]:
    """Return texts × `DENSE`."""
    english = [identify(text) == "en" for text in texts]
    columns = [lexical(texts), logits(polarity, texts)[:, None], np.array(english)[:, None]]
    return np.hstack(columns).astype(np.float32)


def fit_emotions(data: Path, polarity: Polarity) -> Emotions:
    """Fit the models; the same rows give the same numbers."""
    rows = emotion_rows(data, kept_back=False)
    texts = [row.text for row in rows]
    dense = csr_matrix(dense_columns(texts, polarity) * DENSE_SCALE)
    matrix = hstack([hashed(texts, EMOTION_BITS), dense]).tocsr()
    weights = np.array([WEIGHTS.get(row.part, 1.0) for row in rows])
    fold = np.arange(len(rows)) % FOLDS
    korean = np.array([row.part == "kote" for row in rows])
    found, biases, lines, thresholds = [], [], [], []
    for emotion in EMOTIONS:
        labels = np.array([emotion in row.emotions for row in rows])
        unseen = np.zeros(len(rows))
        for each in range(FOLDS):
            rest = fold != each
            model = _fit(matrix[rest], labels[rest], weights[rest])
            unseen[~rest] = model.decision_function(matrix[~rest])
        line = fit_line(unseen[korean], labels[korean])
        lines.append(line)
        scores = 1 / (1 + np.exp(-(line.slope * unseen[korean] + line.shift)))
        thresholds.append(best_threshold(scores, labels[korean]))
        model = _fit(matrix, labels, weights)
        found.append(model.coef_[0])
        biases.append(float(model.intercept_[0]))
    weighed = np.array(found, np.float32).T
    size = 1 << EMOTION_BITS
    return Emotions(
        weighed[:size],
        weighed[size:] * np.float32(DENSE_SCALE),
        np.array(biases, np.float32),
        lines,
        np.array(thresholds, np.float32),
    )


def _fit(matrix: Any, labels: NDArray[np.bool_], weights: NDArray[Any]) -> Any:
    model = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, max_iter=200, tol=0.05, random_state=0
    )
    return model.fit(matrix, labels, sample_weight=weights)
