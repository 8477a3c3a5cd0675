"""What a classifier is measured by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def f1(said: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing is said or labelled."""
    total = int(said.sum() + labels.sum())
    return 2 * int((said & labels).sum()) / total if total else 0.0


def area_under_curve(scores: NDArray[Any], labels: NDArray[np.bool_]) -> float:
    """Return the chance that a labelled row scores above another; ties count half."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    above = int(labels.sum())
    below = len(labels) - above
    return float((ranks[labels].sum() - above * (above + 1) / 2) / (above * below))


def expected_error(scores: NDArray[Any], labels: NDArray[Any], bins: int = 10) -> float:
    """Return the expected calibration error of scores 0..1, over bins of equal width."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    error = 0.0
    for each in range(bins):
        inside = place == each
        if inside.any():
            gap = abs(float(scores[inside].mean()) - float(labels[inside].mean()))
            error += gap * float(inside.mean())
    return error
