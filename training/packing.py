"""Makes the analyzer's model of what was fitted: large tables of one byte a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.analysis.model import Model
from training.calibration import Line
from training.emotions import Emotions
from training.polarity import Polarity

#: The few weights beyond this share of all are cut to it, so that the others keep their digits.
LARGEST = 0.9999


def pack(polarity: Polarity, line: Line, emotions: Emotions) -> Model:
    """Return the model."""
    table, scale = _rounded(polarity.buckets)
    columns = [_rounded(column) for column in emotions.buckets.T]
    lines = np.array(
        [
            [each for _, each in columns],
            emotions.bias,
            [each.slope for each in emotions.lines],
            [each.shift for each in emotions.lines],
        ]
    )
    return Model(
        polarity=table,
        polarity_line=np.array([scale, polarity.bias, *line], np.float32),
        signals=polarity.lexical,
        emotions=np.column_stack([each for each, _ in columns]),
        emotion_lines=lines.astype(np.float32),
        dense=emotions.dense,
        thresholds=emotions.thresholds,
    )


def _rounded(weights: NDArray[Any]) -> tuple[NDArray[np.int8], float]:
    """Return the weights on `LEVELS`, and what the whole scale is worth."""
    sizes = np.abs(weights)
    largest = float(np.quantile(sizes[sizes > 0], LARGEST))
    places = np.rint(np.sqrt(np.minimum(sizes / largest, 1)) * 127)
    return (np.sign(weights) * places).astype(np.int8), largest
