"""Turns a model's logits into probabilities that can be taken at their word."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.scales import f1


class Line(NamedTuple):
    """A calibrated logit is `slope` × logit + `shift` (Platt scaling)."""

    slope: float
    shift: float


def fit_line(
    logits: NDArray[Any], labels: NDArray[Any], weights: NDArray[Any] | None = None
) -> Line:
    """Return the line under which logits of unseen rows tell their labels best."""
    model = LogisticRegression(C=1e6, solver="lbfgs")
    model.fit(logits[:, None], labels, sample_weight=weights)
    return Line(float(model.coef_[0, 0]), float(model.intercept_[0]))


def best_threshold(scores: NDArray[Any], labels: NDArray[np.bool_]) -> float:
    """Return the score from which on taking an emotion as said gives the best F1."""
    candidates = np.arange(0.05, 0.75, 0.01)
    return float(max(candidates, key=lambda each: f1(scores >= each, labels)))
