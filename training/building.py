"""The whole training, from texts to a model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from domain.analysis.model import Model
from training.emotions import fit_emotions
from training.packing import pack
from training.polarity import fit_polarity, training_rows


def build(data: Path, tell: Callable[[str], None]) -> Model:
    """Train a model.

    Raises:
        FileUnreadable: a corpus is not in the folder.
    """
    rows = training_rows(data)
    tell(f"fitting the polarity to {len(rows.texts):,} texts …")
    polarity = fit_polarity(rows)
    tell("fitting ten emotions …")
    return pack(polarity, fit_emotions(data, polarity))
