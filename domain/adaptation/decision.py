"""Whether an adapted model takes the place of the one in force, and every figure behind it.

It does if, and only if, all of this holds:

1. On the held-back reviews, which neither model was fitted to, more texts were gained than lost,
   McNemar's two-sided mid-p is under `CHANCE`, and the balanced accuracy is higher.
2. On the shipped validation set as a whole the accuracy is not lower.
3. On none of that set's corpora more texts were lost than gained with a mid-p under `HARM`:
   0.10 two-sided, which is 0.05 for the one direction that is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from domain.adaptation.features import Examples
from domain.adaptation.measures import Change, Figures, change, figures
from domain.adaptation.remodelling import calibrated_logits
from domain.adaptation.validation import ValidationSet
from domain.analysis.model import Model

#: What comes about by chance less often than this is taken as real.
CHANCE = 0.05
HARM = 0.10


class Outcome(StrEnum):
    """How an adaptation ended."""

    #: Too few rated reviews to learn from, or to judge by.
    TOO_FEW = "too_few"
    #: The reviews give the model that is in force already.
    UNCHANGED = "unchanged"
    #: Not better on the platform's own held-back reviews.
    NOT_BETTER = "not_better"
    #: Better there, and worse on the shipped validation set.
    WORSE_ELSEWHERE = "worse_elsewhere"
    #: To be promoted; a dry run stops here.
    BETTER = "better"
    #: Promoted: new analyses are made with it.
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same texts."""

    texts: int
    before: Figures
    after: Figures
    change: Change

    def to_state(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "reviews": self.texts,
            "before": self.before.to_state(),
            "after": self.after.to_state(),
            **self.change.to_state(),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule above comes to, and why in words."""

    outcome: Outcome
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The model in force and a candidate, on both sets of texts."""

    held_back: Comparison
    shipped: Comparison
    corpora: Mapping[str, Comparison]

    def verdict(self) -> Verdict:
        """Apply the rule."""
        short = _not_better(self.held_back)
        if short:
            return Verdict(Outcome.NOT_BETTER, short)
        harm = (*_lower(self.shipped), *_harmed(self.corpora))
        if harm:
            return Verdict(Outcome.WORSE_ELSEWHERE, harm)
        return Verdict(Outcome.BETTER, (_told(self.held_back),))

    def to_state(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "held_back": self.held_back.to_state(),
            "shipped_set": self.shipped.to_state(),
            "corpora": {name: each.to_state() for name, each in self.corpora.items()},
        }


def try_out(before: Model, after: Model, held_back: Examples, shipped: ValidationSet) -> Trial:
    """Measure two models on the held-back reviews and on the shipped validation set."""
    examples = shipped.examples
    old, new = calibrated_logits(before, examples), calibrated_logits(after, examples)
    corpora = {}
    for name in shipped.names:
        inside = shipped.of(name)
        corpora[name] = _compared(old[inside], new[inside], examples.positive[inside])
    return Trial(
        _compared(
            calibrated_logits(before, held_back),
            calibrated_logits(after, held_back),
            held_back.positive,
        ),
        _compared(old, new, examples.positive),
        corpora,
    )


def _compared(
    before: np.ndarray[Any, np.dtype[np.float64]],
    after: np.ndarray[Any, np.dtype[np.float64]],
    positive: np.ndarray[Any, np.dtype[np.bool_]],
) -> Comparison:
    return Comparison(
        len(positive),
        figures(before, positive),
        figures(after, positive),
        change(before, after, positive),
    )


def _not_better(own: Comparison) -> tuple[str, ...]:
    found = own.change
    reasons = []
    if found.gained <= found.lost:
        reasons.append(f"{_told(own)}: no gain")
    elif found.p >= CHANCE:
        reasons.append(f"{_told(own)}: chance explains it")
    if own.after.balanced_accuracy <= own.before.balanced_accuracy:
        share = f"{own.before.balanced_accuracy:.4f} → {own.after.balanced_accuracy:.4f}"
        reasons.append(f"balanced accuracy on the held-back reviews is not higher: {share}")
    return tuple(reasons)


def _told(own: Comparison) -> str:
    found = own.change
    return (
        f"of {own.texts:,} held-back reviews {found.gained:,} gained, {found.lost:,} lost "
        f"(p = {found.p:.2g})"
    )


def _lower(shipped: Comparison) -> tuple[str, ...]:
    before, after = shipped.before.accuracy, shipped.after.accuracy
    if after >= before:
        return ()
    return (f"accuracy on the shipped validation set is lower: {before:.4f} → {after:.4f}",)


def _harmed(corpora: Mapping[str, Comparison]) -> tuple[str, ...]:
    return tuple(
        f"{name}: {each.change.gained} gained, {each.change.lost} lost (p = {each.change.p:.2g})"
        for name, each in corpora.items()
        if each.change.lost > each.change.gained and each.change.p < HARM
    )
