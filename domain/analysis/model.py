"""The trained model: tables of small numbers in one file, made by `make train`."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Hash bits that choose an n-gram's bucket: 16 MiB of one byte each, and 64 KiB of ten.
POLARITY_BITS = 24
EMOTION_BITS = 16
FILE = "feelings.npz"

#: What a byte of a table is worth, by its bits as an unsigned number: ±(n/127)². Most weights are
#: small, and squares tell small ones apart.
_STEPS = np.arange(256).astype(np.uint8).astype(np.int8).astype(np.float64) / 127
LEVELS = np.sign(_STEPS) * _STEPS**2

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Linear models over hashed n-grams; see docs/reference/analyzer.md for what it was made of.

    A logit is scale × (Σ value × level) / √(number of n-grams) + dense @ weights + bias, and its
    calibrated form slope × logit + shift. Emotions are in the order of `domain.emotions.EMOTIONS`.
    """

    #: 2^POLARITY_BITS of int8.
    polarity: NDArray[np.int8]
    #: Scale, bias, slope and shift.
    polarity_line: Floats
    #: One weight a signal of the word lists.
    signals: Floats
    #: 2^EMOTION_BITS × 10 of int8.
    emotions: NDArray[np.int8]
    #: 4 × 10: scales, biases, slopes, shifts.
    emotion_lines: Floats
    #: Signals of the word lists, the polarity's logit, whether it is English; × 10.
    dense: Floats
    #: From which score on an emotion counts as said, 10.
    thresholds: Floats

    def to_bytes(self) -> bytes:
        """Return the model as a file; the same model gives the same bytes."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{name: getattr(self, name) for name in self.__slots__})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Model:
        """Return the model that `to_bytes` wrote."""
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            fields: dict[str, Any] = {name: arrays[name] for name in cls.__slots__}
        return cls(**fields)


def file_hash(raw: bytes) -> str:
    """Return the name of a model's file: a hash of its bytes, 8 hex digits."""
    return hashlib.blake2b(raw, digest_size=4).hexdigest()


@cache
def shipped_model() -> tuple[Model, str]:
    """Return the model of this package and a hash of its file, 8 hex digits; read once."""
    raw = (resources.files("domain.analysis") / FILE).read_bytes()
    return Model.from_bytes(raw), file_hash(raw)
