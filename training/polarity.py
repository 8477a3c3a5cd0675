"""Fits the polarity of texts: hashed n-grams and the word lists' signals, one linear model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression

from domain.analysis.model import POLARITY_BITS
from training.corpora import corpus
from training.matrices import hashed, lexical
from training.negations import made_sentences

#: How much a row of each corpus counts: the nearer to shops, the more.
WEIGHTS = {
    "nsmc": 1.0,
    "sentineg": 8.0,
    "vader-amazon-snippets": 6.0,
    "goemotions_ko": 0.4,
    "made": 1.0,
}
#: Larger fits the training rows closer.
STRENGTH = 20.0
#: The word lists' signals against the n-grams' values, which are about a tenth.
LEXICAL_SCALE = 0.15
#: A bucket that fewer texts hit says nothing.
FEWEST = 2


class Training(NamedTuple):
    """Texts, whether each is positive, and what each counts."""

    texts: list[str]
    positive: NDArray[np.int8]
    weights: NDArray[np.float32]


class Polarity(NamedTuple):
    """A fitted model: logit = n-grams @ buckets + signals @ lexical + bias."""

    buckets: NDArray[np.float32]
    lexical: NDArray[np.float32]
    bias: float


def training_rows(data: Path) -> Training:
    """Return what polarity is trained on; no text that is kept back anywhere."""
    kept: set[str] = set()
    rows: list[tuple[str, bool, float]] = []
    for name in ("nsmc", "sentineg", "en_reviews", "goemotions_ko"):
        for row in corpus(data, name):
            if row.kept_back:
                kept.add(_bare(row.text))
            elif row.positive is not None and (weight := WEIGHTS.get(row.part)):
                rows.append((row.text, row.positive, weight))
    rows = [row for row in rows if _bare(row[0]) not in kept]
    rows += [(made.text, made.positive, WEIGHTS["made"]) for made in made_sentences()]
    texts, positive, weights = zip(*rows, strict=True)
    return Training(list(texts), np.array(positive, np.int8), np.array(weights, np.float32))


def fit_polarity(training: Training) -> Polarity:
    """Fit the model; the same rows give the same numbers."""
    grams = hashed(training.texts, POLARITY_BITS)
    leaning = _leaning(grams, training.positive)
    signals = csr_matrix(lexical(training.texts) * LEXICAL_SCALE)
    matrix = hstack([grams @ diags(leaning), signals]).tocsr()
    model = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, max_iter=200, tol=0.01, random_state=0
    )
    model.fit(matrix, training.positive, sample_weight=training.weights)
    found = model.coef_[0].astype(np.float32)
    size = 1 << POLARITY_BITS
    return Polarity(
        found[:size] * leaning, found[size:] * np.float32(LEXICAL_SCALE), float(model.intercept_[0])
    )


def logits(model: Polarity, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the logit of each text's being positive."""
    grams = hashed(texts, POLARITY_BITS) @ model.buckets
    found: NDArray[np.float32] = grams + lexical(texts) @ model.lexical + model.bias
    return found


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
