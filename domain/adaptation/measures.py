"""How well a model tells the pleased from the displeased, and whether another does it better."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from domain.adaptation.features import Doubles
from domain.statistics import incomplete_beta

_BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model comes to on texts of known sides; all 0..1."""

    accuracy: float
    #: Mean of the accuracies of both sides: praise, being the most, cannot hide the complaints.
    balanced_accuracy: float
    #: The chance that a pleased text is put above a displeased one.
    auc: float
    #: Expected calibration error, over ten bins of equal width, both sides counting the same.
    calibration_error: float

    def to_state(self) -> dict[str, float]:
        """Return the figures as plain numbers, to four places."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What one model gets right that another does not, text by text."""

    gained: int
    lost: int

    @property
    def p(self) -> float:
        """How often chance alone parts them so far: McNemar's test, two-sided, mid-p.

        After Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data"
        (2013). 1 where nothing changed.
        """
        changed, fewer = self.gained + self.lost, min(self.gained, self.lost)
        if self.gained == self.lost:
            return 1.0
        up_to = incomplete_beta(changed - fewer, fewer + 1, 0.5)
        return min(1.0, 2 * up_to - _half_binomial(changed, fewer))

    def to_state(self) -> dict[str, float]:
        """Return the change as plain numbers."""
        return {"gained": self.gained, "lost": self.lost, "p": float(f"{self.p:.3g}")}


def right(logits: Doubles, positive: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which texts a model puts on their side; on neither is wrong."""
    found: NDArray[np.bool_] = np.where(positive, logits > 0, logits < 0)
    return found


def figures(logits: Doubles, positive: NDArray[np.bool_]) -> Figures:
    """Return the figures of calibrated logits.

    Raises:
        ZeroDivisionError: there is only one side.
    """
    hits = right(logits, positive)
    share = int(positive.sum()) / len(positive)
    weights = np.where(positive, 0.5 / share, 0.5 / (1 - share))
    return Figures(
        accuracy=float(hits.mean()),
        balanced_accuracy=float(np.average(hits, weights=weights)),
        auc=_area_under_curve(logits, positive),
        calibration_error=_expected_error(1 / (1 + np.exp(-logits)), positive, weights),
    )


def change(before: Doubles, after: Doubles, positive: NDArray[np.bool_]) -> Change:
    """Return what the second model gets right that the first did not, and the other way round."""
    old, new = right(before, positive), right(after, positive)
    return Change(int((new & ~old).sum()), int((old & ~new).sum()))


def _half_binomial(cases: int, hits: int) -> float:
    """Return the chance of so many heads of so many coins."""
    chosen = math.lgamma(cases + 1) - math.lgamma(hits + 1) - math.lgamma(cases - hits + 1)
    return math.exp(chosen - cases * math.log(2))


def _area_under_curve(scores: Doubles, positive: NDArray[np.bool_]) -> float:
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    above = int(positive.sum())
    below = len(positive) - above
    return float((ranks[positive].sum() - above * (above + 1) / 2) / (above * below))


def _expected_error(chances: Doubles, positive: NDArray[np.bool_], weights: Doubles) -> float:
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights * (chances - positive), minlength=_BINS)
    return float(np.abs(gaps).sum() / weights.sum())
