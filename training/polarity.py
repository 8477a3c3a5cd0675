"""Fits the polarity of texts: hashed n-grams and the word lists' signals, one linear model.

It is fitted in two steps: first the n-grams alone; then, on rows that the first step has not seen,
what they count beside each signal. So the word lists count for what they add (fitted together with
the n-grams they took over what films are better read without), and the logits come out calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags
from sklearn.linear_model import LogisticRegression, SGDClassifier

from domain.analysis.model import POLARITY_BITS
from training.corpora import corpus
from training.matrices import hashed, lexical
from training.negations import made_sentences

#: How much a row of each corpus counts, in the first step and in the second: the nearer to shops,
#: the more.
WEIGHTS = {
    "nsmc": (1.0, 1.0),
    "sentineg": (8.0, 4.0),
    "vader-amazon-snippets": (6.0, 6.0),
    "goemotions_ko": (0.4, 0.1),
    "made": (1.0, 4.0),
}
#: What a negative row and a positive one count of that, where a corpus has far more of one side
#: than reviews do: without it all English leaned to the good.
EVENED = {"goemotions_ko": (1.36, 0.79)}
#: Larger fits the training rows closer.
STRENGTH = 20.0
#: Every so many rows one is left out of a first fit, to learn on it what the fits count.
HOLD_OUT = 5
#: Stochastic gradient descent, its weights averaged over all steps.
STEP, ROUNDS = 4.0, 12
#: A bucket that fewer texts hit says nothing.
FEWEST = 2


class Training(NamedTuple):
    """Texts, whether each is positive, and what each counts in either step."""

    texts: list[str]
    positive: NDArray[np.int8]
    weights: NDArray[np.float32]
    shares: NDArray[np.float32]


class Polarity(NamedTuple):
    """A fitted model: logit = n-grams @ buckets + signals @ lexical + bias."""

    buckets: NDArray[np.float32]
    lexical: NDArray[np.float32]
    bias: float


def training_rows(data: Path) -> Training:
    """Return what polarity is trained on; no text that is kept back anywhere."""
    kept: set[str] = set()
    rows: list[tuple[str, bool, tuple[float, float]]] = []
    for name in ("nsmc", "sentineg", "en_reviews", "goemotions_ko"):
        for row in corpus(data, name):
            if row.kept_back:
                kept.add(_bare(row.text))
            elif row.positive is not None and (weight := WEIGHTS.get(row.part)):
                share = EVENED.get(name, (1.0, 1.0))[row.positive]
                rows.append((row.text, row.positive, (share * weight[0], share * weight[1])))
    rows = [row for row in rows if _bare(row[0]) not in kept]
    rows += [(made.text, made.positive, WEIGHTS["made"]) for made in made_sentences()]
    texts, positive, weights = zip(*rows, strict=True)
    steps = np.array(weights, np.float32).T
    return Training(list(texts), np.array(positive, np.int8), *steps)


def fit_polarity(training: Training) -> Polarity:
    """Fit the model; the same rows give the same numbers."""
    grams, signals = hashed(training.texts, POLARITY_BITS), lexical(training.texts)
    held = np.arange(len(training.texts)) % HOLD_OUT == 0
    first = _fit_grams(grams[~held], training.positive[~held], training.weights[~held])
    unseen = grams[held] @ first.weights + first.bias
    shares = _fit_shares(unseen, signals[held], training.positive[held], training.shares[held])
    fit = _fit_grams(grams, training.positive, training.weights)
    return Polarity(
        fit.weights * np.float32(shares.grams),
        shares.signals,
        fit.bias * shares.grams + shares.bias,
    )


def logits(model: Polarity, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the logit of each text's being positive."""
    grams = hashed(texts, POLARITY_BITS) @ model.buckets
    found: NDArray[np.float32] = grams + lexical(texts) @ model.lexical + model.bias
    return found


class _Fit(NamedTuple):
    weights: NDArray[np.float32]
    bias: float


class _Shares(NamedTuple):
    grams: float
    signals: NDArray[np.float32]
    bias: float


def _fit_grams(grams: Any, positive: NDArray[np.int8], weights: NDArray[np.float32]) -> _Fit:
    leaning = _leaning(grams, positive)
    model = SGDClassifier(
        loss="log_loss",
        alpha=1 / (STRENGTH * len(positive)),
        learning_rate="constant",
        eta0=STEP,
        max_iter=ROUNDS,
        tol=None,
        average=True,
        random_state=0,
    )
    model.fit(grams @ diags(leaning), positive, sample_weight=weights.astype(np.float64))
    return _Fit(model.coef_[0].astype(np.float32) * leaning, float(model.intercept_[0]))


def _fit_shares(
    unseen: NDArray[Any],
    signals: NDArray[np.float32],
    positive: NDArray[np.int8],
    weights: NDArray[np.float32],
) -> _Shares:
    """Return what the n-grams' logit and each signal count, where neither has seen the rows."""
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.column_stack((unseen, signals)), positive, sample_weight=weights)
    grams, *others = model.coef_[0]
    return _Shares(float(grams), np.array(others, np.float32), float(model.intercept_[0]))


def _leaning(grams: Any, positive: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return how far each bucket leans to one side: what leans far may weigh much.

    Roots of log-count ratios, after Wang and Manning, "Baselines and Bigrams" (2012).
    """
    size = abs(grams)
    scale = 1 / float(size.data.mean())
    sides = [np.asarray(size[positive == side].sum(0)).ravel() * scale + 1 for side in (0, 1)]
    ratio = np.abs(np.log((sides[1] / sides[1].sum()) / (sides[0] / sides[0].sum())))
    texts = np.bincount(grams.indices, minlength=grams.shape[1])
    leaning: NDArray[np.float32] = np.where(texts >= FEWEST, np.sqrt(ratio + 0.05), 0)
    return leaning.astype(np.float32)


def _bare(text: str) -> str:
    return "".join(text.split()).lower()
