"""Fits a model's polarity to examples, held near the weights that it began with.

The loss is Σ wᵢ·log(1 + exp(−yᵢzᵢ)) + ½·pull·Σ δ², where δ is how far an n-gram's weight has moved.
What the examples never hit, and what they hit without a clear lean, stays as it was, byte for
byte; the rest moves as far as they insist. That and the pull are all that keep old knowledge: the
texts that it came from are not here. What the word lists say keeps its weight, for 좋다 is good of
any goods: letting it move made the model worse elsewhere and no better at home.

Steps are AdaGrad's (Duchi, Hazan and Singer, 2011), on batches in the order given: the same
examples give the same weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.adaptation.features import Doubles, Examples, buckets, values
from domain.analysis.model import LEVELS, POLARITY_BITS, Model

#: Texts a step is made by, how often all examples are gone through, and the size of a step.
BATCH = 256
ROUNDS = 5
STEP = np.float32(0.3)
#: A bucket that is hit less often says nothing yet, and shares its place with n-grams of others.
FEWEST_HITS = 3
#: One that is hit more often a text, as a full stop, would move the middle for everyone.
MOST_HITS_A_TEXT = 0.3
#: Nor does one move where what the base gets wrong about it is not this many standard errors off
#: to one side: most n-grams of a shop's reviews are anybody's, and lean by chance.
CLEAR = 3.0
_CLOSE_TO_NOTHING = np.float32(1e-8)

Floats = NDArray[np.float32]


def even_weights(positive: NDArray[np.bool_]) -> Doubles:
    """Return what each example counts, so that both sides count the same; 1 on average.

    Raises:
        ZeroDivisionError: there is only one side.
    """
    share = int(positive.sum()) / len(positive)
    return np.where(positive, 0.5 / share, 0.5 / (1 - share))


def base_logits(base: Model, examples: Examples) -> Doubles:
    """Return the logits of texts before calibration."""
    scale, bias, _, _ = base.polarity_line.astype(np.float64)
    parts = [np.zeros(0)]
    for batch in _batches(examples):
        grams = batch.sums(LEVELS[base.polarity[batch.buckets].view(np.uint8)])
        parts.append(scale * grams + (batch.signals * base.signals).sum(axis=1) + bias)
    return np.concatenate(parts)


def moved_logits(moved: Floats, examples: Examples) -> Doubles:
    """Return what moved weights add to the logits of texts."""
    parts = [batch.sums(moved[batch.buckets]) for batch in _batches(examples)]
    return np.concatenate([np.zeros(0), *parts])


def fit(start: Doubles, examples: Examples, pull: float) -> Floats:
    """Return how far the examples move each bucket's weight, in the units of the logit.

    `start` are the base's logits of the examples.
    """
    weights = even_weights(examples.positive)
    hits = np.bincount(buckets(examples.codes), minlength=1 << POLARITY_BITS)
    known = np.flatnonzero((hits >= FEWEST_HITS) & (hits <= MOST_HITS_A_TEXT * len(examples)))
    chosen = known[_one_sided(start, examples, weights, known)]
    free, pulls = np.zeros(len(hits), np.bool_), np.zeros(len(hits), np.float32)
    free[chosen] = True
    # Each hit carries its share of its bucket's pull, so that a step touches only what it saw.
    pulls[chosen] = pull / hits[chosen]
    moved, pace, slopes = (np.zeros(len(hits), np.float32) for _ in range(3))
    for _ in range(ROUNDS):
        done = 0
        for batch in _batches(examples):
            part = slice(done, done + len(batch.positive))
            chances = 1 / (1 + np.exp(-start[part] - batch.sums(moved[batch.buckets])))
            gaps = (weights[part] * (chances - batch.positive)).astype(np.float32)
            _step(moved, pace, slopes, pulls, batch.only(free), gaps)
            done = part.stop
    return moved


def _one_sided(
    start: Doubles, examples: Examples, weights: Doubles, known: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Tell which of the known buckets the base is wrong about beyond chance.

    A score test of each.
    """
    slopes, spreads = np.zeros(1 << POLARITY_BITS), np.zeros(1 << POLARITY_BITS)
    done = 0
    for batch in _batches(examples):
        part = slice(done, done + len(batch.positive))
        gaps = weights[part] * (1 / (1 + np.exp(-start[part])) - batch.positive)
        own = batch.values * gaps[batch.owner]
        np.add.at(slopes, batch.buckets, own)
        np.add.at(spreads, batch.buckets, own * own)
        done = part.stop
    found: NDArray[np.bool_] = np.abs(slopes[known]) > CLEAR * np.sqrt(spreads[known])
    return found


class _Batch(NamedTuple):
    buckets: NDArray[np.intp]
    #: What each n-gram counts, over the square root of their number in the text.
    values: Floats
    owner: NDArray[np.intp]
    signals: Doubles
    positive: NDArray[np.bool_]

    def sums(self, weights: Floats | Doubles) -> Doubles:
        """Return for each text the sum of its n-grams' weights."""
        weighed = np.asarray(weights * self.values, np.float64)
        found: Doubles = np.bincount(self.owner, weighed, minlength=len(self.positive)).astype(
            np.float64
        )
        return found

    def only(self, chosen: NDArray[np.bool_]) -> _Batch:
        """Return the batch with chosen buckets only."""
        inside = chosen[self.buckets]
        return self._replace(
            buckets=self.buckets[inside], values=self.values[inside], owner=self.owner[inside]
        )


def _batches(examples: Examples) -> Iterator[_Batch]:
    for first in range(0, len(examples), BATCH):
        part = examples.between(first, first + BATCH)
        lengths = np.diff(part.starts)
        roots = np.repeat(np.sqrt(np.maximum(lengths, 1)), lengths)
        yield _Batch(
            buckets(part.codes).astype(np.intp),
            (values(part.codes) / roots).astype(np.float32),
            np.repeat(np.arange(len(part)), lengths),
            part.signals.astype(np.float64),
            part.positive,
        )


def _step(
    moved: Floats, pace: Floats, slopes: Floats, pulls: Floats, batch: _Batch, gaps: Floats
) -> None:
    """Move the buckets of a batch; `slopes` is all zeros before and after.

    `pace` holds the sums of squared slopes: what was moved often moves in smaller steps.
    """
    place = batch.buckets
    np.add.at(slopes, place, batch.values * gaps[batch.owner] + pulls[place] * moved[place])
    # A bucket that is hit twice is written twice, with the same number.
    found = slopes[place]
    squares = pace[place] + found * found
    pace[place] = squares
    moved[place] = moved[place] - STEP * found / np.sqrt(squares + _CLOSE_TO_NOTHING)
    slopes[place] = 0
