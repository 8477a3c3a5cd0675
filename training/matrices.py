"""Texts as the sparse matrices that the linear models are fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags, vstack

from domain.analysis.analyzer import parse
from domain.analysis.lexical import SIGNALS, signals
from domain.analysis.ngrams import extract
from domain.analysis.scoring import Parsed

#: Texts taken apart at once: bounds the memory.
_STEP = 10_000


def hashed(texts: Sequence[str], bits: int) -> Any:
    """Return texts × 2^bits: feature values over the square root of their number."""
    parts = []
    for start in range(0, len(texts), _STEP):
        piece = texts[start : start + _STEP]
        found = extract(piece, [[(0, len(text))] for text in piece])
        columns = (found.hash >> np.uint32(32 - bits)).astype(np.int64)
        shape = (len(piece), 1 << bits)
        matrix = csr_matrix((found.value, (found.text, columns)), shape=shape)
        counts = np.bincount(found.text, minlength=len(piece))
        parts.append(diags(1 / np.sqrt(np.maximum(counts, 1))) @ matrix)
    return vstack(parts, format="csr").astype(np.float32)


def lexical(texts: Sequence[str]) -> Any:
    """Return texts × `SIGNALS`: what the word lists say of each."""
    rows = np.zeros((len(texts), SIGNALS), np.float32)
    for number, text in enumerate(texts):
        parsed = parse(text)
        if isinstance(parsed, Parsed):
            rows[number] = signals([mark for clause in parsed.clauses for mark in clause.marks])
    return rows
