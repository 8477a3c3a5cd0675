"""Makes the analyzer's model of what was fitted: large tables of one byte a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.analysis.model import Model
from training.emotions import Emotions
from training.polarity import Polarity

#: The few weights beyond this share of all are cut to it, so that the others keep their digits.
POLARITY_LARGEST, EMOTION_LARGEST = 1.0, 0.9999
#: Sizes that a weight may have: of the many for polarity fewer, which makes a smaller file.
POLARITY_SIZES, EMOTION_SIZES = 21, 127


def pack(polarity: Polarity, emotions: Emotions) -> Model:
    """Return the model."""
    table, scale = _rounded(polarity.buckets, POLARITY_SIZES, POLARITY_LARGEST)
    columns = [_rounded(column, EMOTION_SIZES, EMOTION_LARGEST) for column in emotions.buckets.T]
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
        # Its logits are calibrated as they are: slope 1, shift 0.
        polarity_line=np.array([scale, polarity.bias, 1, 0], np.float32),
        signals=polarity.lexical,
        emotions=np.column_stack([each for each, _ in columns]),
        emotion_lines=lines.astype(np.float32),
        dense=emotions.dense,
        thresholds=emotions.thresholds,
    )


def _rounded(weights: NDArray[Any], count: int, share: float) -> tuple[NDArray[np.int8], float]:
    """Return the weights on `count` of the `LEVELS`, and what the whole scale is worth."""
    sizes = np.abs(weights)
    largest = float(np.quantile(sizes[sizes > 0], share))
    places = np.rint(np.rint(np.sqrt(np.minimum(sizes / largest, 1)) * count) * (127 / count))
    return (np.sign(weights) * places).astype(np.int8), largest
