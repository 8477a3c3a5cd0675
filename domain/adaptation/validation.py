"""The validation set that comes with the package: labelled texts as their features alone.

The texts may not be part of the package, and are not needed: bucket numbers, the word lists'
signals and the label are enough to try any model of the same rules on them. `python -m training
validation` writes the file, from texts that no model was trained on.

Bucket numbers ascend within a text, so the gaps between them are stored, byte by byte: the high
bytes are nearly all zero.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from domain.adaptation.features import Examples, every_second, feature_rules
from domain.adaptation.word_rules import word_rules
from domain.errors import ValidationSetStale

FILE = "validation.npz"
#: The file is read once a process, and a package is no place for more.
MOST_BYTES = 1_500_000


@dataclass(frozen=True, slots=True)
class ValidationSet:
    """Labelled texts of several corpora, without their words."""

    examples: Examples
    #: The corpora's names, and which of them each text is of.
    names: tuple[str, ...]
    corpus: NDArray[np.uint8]

    def of(self, name: str) -> NDArray[np.bool_]:
        """Tell which texts are of a corpus."""
        found: NDArray[np.bool_] = self.corpus == self.names.index(name)
        return found

    def guide(self) -> Examples:
        """Return every second text: by these an adaptation looks where not to go."""
        return every_second(self.examples, 0)

    def judge(self) -> ValidationSet:
        """Return the other texts: no adaptation has looked at these before it is judged."""
        return ValidationSet(every_second(self.examples, 1), self.names, self.corpus[1::2])

    def to_bytes(self) -> bytes:
        """Return the set as a file; the same set gives the same bytes."""
        codes, starts = self.examples.codes, self.examples.starts
        gaps = np.diff(codes, prepend=np.uint32(0)).astype("<u4")
        gaps[starts[:-1]] = codes[starts[:-1]]
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            gaps=np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, 4).T),
            lengths=np.diff(starts).astype(np.int32),
            signals=self.examples.signals,
            positive=self.examples.positive,
            corpus=self.corpus,
            names=np.array(self.names),
            rules=np.array(set_rules()),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, raw: bytes) -> ValidationSet:
        """Return the set that `to_bytes` wrote.

        Raises:
            ValidationSetStale: n-grams have other numbers now, or word lists say other things.
        """
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            if str(arrays["rules"]) != set_rules():
                raise ValidationSetStale(
                    f"{FILE} was made by the rules {arrays['rules']}, and these are "
                    f"{set_rules()}: run `python -m training validation`"
                )
            lengths = arrays["lengths"].astype(np.int64)
            starts = np.concatenate(([0], np.cumsum(lengths)))
            gaps = np.ascontiguousarray(arrays["gaps"].T).view("<u4").ravel()
            sums = np.cumsum(gaps, dtype=np.int64)
            before = np.concatenate(([0], sums))[starts[:-1]]
            codes = (sums - np.repeat(before, lengths)).astype(np.uint32)
            examples = Examples(codes, starts, arrays["signals"], arrays["positive"])
            names = tuple(str(name) for name in arrays["names"])
            return cls(examples, names, arrays["corpus"])


def set_rules() -> str:
    """Return the hash of the rules that a set's numbers are for: n-grams, then word lists."""
    return f"{feature_rules()}+{word_rules()}"


@cache
def shipped_validation() -> ValidationSet:
    """Return the set of this package, read once.

    Raises:
        ValidationSetStale: n-grams have other numbers now, or word lists say other things.
    """
    return ValidationSet.from_bytes((resources.files("domain.analysis") / FILE).read_bytes())
