"""The whole training, from texts to a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from domain.analysis.model import Model
from training.calibration import Line, fit_line
from training.emotions import fit_emotions
from training.packing import pack
from training.polarity import Training, fit_polarity, logits, training_rows

#: Every so many rows one is left out of a first fit, and the polarity is calibrated on those.
HOLD_OUT = 10


def build(data: Path, tell: Callable[[str], None]) -> Model:
    """Train a model.

    Raises:
        FileUnreadable: a corpus is not in the folder.
    """
    rows = training_rows(data)
    tell(f"calibrating the polarity on a tenth of {len(rows.texts):,} texts …")
    line = _polarity_line(rows)
    tell("fitting the polarity …")
    polarity = fit_polarity(rows)
    tell("fitting ten emotions …")
    return pack(polarity, line, fit_emotions(data, polarity))


def _polarity_line(rows: Training) -> Line:
    held = np.arange(len(rows.texts)) % HOLD_OUT == 0
    first = fit_polarity(_part(rows, ~held))
    rest = _part(rows, held)
    return fit_line(logits(first, rest.texts), rest.positive, rest.weights)


def _part(rows: Training, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Training:
    texts = [rows.texts[place] for place in np.flatnonzero(chosen)]
    return Training(texts, rows.positive[chosen], rows.weights[chosen])
