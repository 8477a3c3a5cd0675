"""Whether an adapted model takes the place of the one in force, and every figure behind it.

It does if, and only if, all of this holds, where its rivals are the model in force and the shipped
one:

1. On the held-back reviews, against the rival whose balanced accuracy is higher there, more texts
   were gained than lost, McNemar's two-sided mid-p is under `CHANCE`, and the balanced accuracy is
   higher. No model was fitted to these reviews.
2. On the shipped validation set, the half that no setting was chosen by, the accuracy is not lower
   than any rival's.
3. On none of the corpora in that half more texts were lost than gained with a mid-p under `HARM`,
   against any rival: 0.10 two-sided, which is 0.05 for the one direction that is asked about.

That the shipped model is always a rival keeps losses from adding up: one too small to be seen
against the model in force is seen against the one that all of them began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.adaptation.features import Doubles, Examples
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
    """A candidate and one of its rivals, on both sets of texts."""

    held_back: Comparison
    shipped: Comparison
    corpora: Mapping[str, Comparison]

    def to_state(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "held_back": self.held_back.to_state(),
            "shipped_set": self.shipped.to_state(),
            "corpora": {name: each.to_state() for name, each in self.corpora.items()},
        }


@dataclass(frozen=True, slots=True)
class Trials:
    """A candidate and all its rivals, by their names; the one in force comes first."""

    rivals: Mapping[str, Trial]

    @property
    def best(self) -> str:
        """The rival of the highest balanced accuracy on the held-back reviews, or the first."""
        return max(
            self.rivals, key=lambda name: self.rivals[name].held_back.before.balanced_accuracy
        )

    def verdict(self) -> Verdict:
        """Apply the rule."""
        held_back = self.rivals[self.best].held_back
        short = _not_better(held_back)
        if short:
            return Verdict(Outcome.NOT_BETTER, short)
        harm = tuple(
            f"against {name}: {reason}"
            for name, each in self.rivals.items()
            for reason in (*_lower(each.shipped), *_harmed(each.corpora))
        )
        if harm:
            return Verdict(Outcome.WORSE_ELSEWHERE, harm)
        return Verdict(Outcome.BETTER, (_told(held_back),))

    def to_state(self) -> dict[str, Any]:
        """Return the best rival's figures as plain values, and which it is."""
        return {"judged_against": self.best, **self.rivals[self.best].to_state()}


def try_out(
    rivals: Mapping[str, Model], after: Model, held_back: Examples, shipped: ValidationSet
) -> Trials:
    """Measure a model and its rivals on the held-back reviews and on labelled texts of elsewhere.

    `rivals` are by their names; that in force comes first, and the shipped one is among them.
    """
    own = calibrated_logits(after, held_back)
    elsewhere = calibrated_logits(after, shipped.examples)
    trials = {}
    for name, before in rivals.items():
        here = _compared(calibrated_logits(before, held_back), own, held_back.positive)
        old = calibrated_logits(before, shipped.examples)
        trials[name] = _tried(here, old, elsewhere, shipped)
    return Trials(trials)


def _tried(own: Comparison, old: Doubles, new: Doubles, shipped: ValidationSet) -> Trial:
    positive, corpora = shipped.examples.positive, {}
    for name in shipped.names:
        inside = shipped.of(name)
        corpora[name] = _compared(old[inside], new[inside], positive[inside])
    return Trial(own, _compared(old, new, positive), corpora)


def _compared(before: Doubles, after: Doubles, positive: NDArray[np.bool_]) -> Comparison:
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
