"""Texts as they are compared: their letters and digits alone, and none of them stretched."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Stands before, between and after the texts; no stored text holds it.
_EDGE = "\x00"
_UNKNOWN, _DROPPED, _KEPT = 0, 1, 2
#: What is known of each code point so far: asking Python for each letter of each text is slow.
_kinds: NDArray[np.uint8] = np.zeros(0x110000, dtype=np.uint8)


def folded(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return the texts' code points one after another, a 0 before, between and after them.

    Widths and cases are made one (NFKC, case folded); blanks, punctuation and emoji are dropped;
    a letter said several times in a row is said once, so that ㅋㅋㅋㅋ equals ㅋㅋ.
    """
    joined = _EDGE + _EDGE.join(text.replace(_EDGE, "") for text in texts) + _EDGE
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
    raw = joined.casefold().encode("utf-32-le", "surrogatepass")
    points: NDArray[np.uint32] = np.frombuffer(raw, dtype="<u4").astype(np.uint32, copy=False)
    points = points[_kinds_of(points) == _KEPT]
    first = np.ones(len(points), dtype=bool)
    first[1:] = (points[1:] != points[:-1]) | (points[1:] == 0)
    return points[first]


def _kinds_of(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    kinds = _kinds[points]
    unknown = points[kinds == _UNKNOWN]
    if not len(unknown):
        return kinds
    for point in np.unique(unknown).tolist():
        _kinds[point] = _KEPT if point == 0 or chr(point).isalnum() else _DROPPED
    return _kinds[points]
