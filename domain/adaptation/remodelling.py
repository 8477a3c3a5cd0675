"""Makes a model of a base and of how far its weights have moved: same form, same sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from domain.adaptation.features import Doubles, Examples
from domain.adaptation.fitting import Floats, base_logits, even_weights, fit, moved_logits
from domain.analysis.model import LEVELS, Model

#: How hard weights are held: from "learn what you like" to "move only where all agree".
PULLS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_MOST_STEPS = 50
_CLOSE = 1e-10
#: Keeps the step finite where no logit is near the middle.
_STIFF = 1e-3
#: A slope is never less than this share of the base's.
_LEAST_SLOPE = 0.5


class _Try(NamedTuple):
    pull: float
    slope: float
    losses: Doubles


class Candidate(NamedTuple):
    """An adapted model, and the pull that was chosen for it."""

    model: Model
    pull: float


def adapt(
    base: Model, training: Examples, first: int, guide: Examples, tell: Callable[[str], None]
) -> Candidate:
    """Return the base, fitted to the training examples.

    The `first` of them are for choosing: fits on the rest are tried on these, one a pull. Of the
    pulls under which the base loses nothing on the `guide`, texts of elsewhere, the strongest is
    taken that tells them best; where each loses something, the strongest of all. The slope is
    fitted to them, too.
    """
    tuning = training.between(0, first)
    rest = training.between(first, len(training))
    start, elsewhere = base_logits(base, training), base_logits(base, guide)
    tried, harmless = [], []
    for pull in PULLS:
        moved = fit(start[first:], rest, pull)
        found = start[:first] + moved_logits(moved, tuning)
        slope = fit_slope(found, base, tuning)
        tried.append(_Try(pull, slope, _losses(slope * found + _shift(base), tuning)))
        after = elsewhere + moved_logits(moved, guide)
        if _hits(base, after, guide) >= _hits(base, elsewhere, guide):
            harmless.append(tried[-1])
        tell(f"tried a pull of {pull:g}: loss {tried[-1].losses.mean():.4f}")
    chosen = _strongest_of_the_best(harmless) if harmless else tried[-1]
    tell(f"fitting {len(training):,} reviews under a pull of {chosen.pull:g}")
    moved = fit(start, training, chosen.pull)
    return Candidate(remodelled(base, moved, chosen.slope), chosen.pull)


def fit_slope(logits: Doubles, base: Model, examples: Examples) -> float:
    """Return the slope under which the logits tell their sides best, by Newton's steps.

    Platt scaling without its shift: that is the base's, for a shift fitted to a shop would move
    the middle for every text that has none of the shop's words. Nor may the slope exceed the
    base's: words that settle everything here make no other text surer.
    """
    weights, own = even_weights(examples.positive), float(base.polarity_line[2])
    slope, shift = own, _shift(base)
    for _ in range(_MOST_STEPS):
        chances = 1 / (1 + np.exp(-(slope * logits + shift)))
        gaps = weights * (chances - examples.positive)
        bend = float((weights * chances * (1 - chances) * logits**2).sum()) + _STIFF
        step = (float((gaps * logits).sum()) + _STIFF * (slope - own)) / bend
        slope = min(max(slope - step, _LEAST_SLOPE * own), own)
        if abs(step) < _CLOSE:
            break
    return slope


def remodelled(base: Model, moved: Floats, slope: float) -> Model:
    """Return the model of moved weights and a new slope, on the base's levels.

    The slope is folded into scale, signals and bias, and the base's own stays: the emotions take
    the logit for one of their inputs, and its unit must not change under them.
    """
    scale, bias, own_slope, shift = (float(each) for each in base.polarity_line)
    touched = np.flatnonzero(moved)
    table = base.polarity.copy()
    weights = scale * LEVELS[table[touched].view(np.uint8)] + moved[touched]
    places = np.rint(np.sqrt(np.minimum(np.abs(weights) / scale, 1)) * 127)
    table[touched] = (np.sign(weights) * places).astype(np.int8)
    ratio = slope / own_slope
    return replace(
        base,
        polarity=table,
        polarity_line=np.array([scale * ratio, bias * ratio, own_slope, shift], np.float32),
        signals=(base.signals * np.float32(ratio)).astype(np.float32),
    )


def calibrated_logits(model: Model, examples: Examples) -> Doubles:
    """Return the logits as the analyzer has them before it makes polarities of them."""
    _, _, slope, shift = model.polarity_line.astype(np.float64)
    found: Doubles = slope * base_logits(model, examples) + shift
    return found


def _shift(model: Model) -> float:
    return float(model.polarity_line[3])


def _hits(base: Model, logits: Doubles, examples: Examples) -> int:
    middle = -_shift(base) / float(base.polarity_line[2])
    return int(((logits > middle) == examples.positive).sum())


def _losses(logits: Doubles, examples: Examples) -> Doubles:
    wrong = np.where(examples.positive, -logits, logits)
    found: Doubles = even_weights(examples.positive) * np.logaddexp(0, wrong)
    return found


def _strongest_of_the_best(tried: Sequence[_Try]) -> _Try:
    """Return the strongest pull whose loss is within one standard error of the lowest.

    Breiman and others, "Classification and Regression Trees" (1984): of what cannot be told apart
    the plainest, here what moves least.
    """
    best = min(tried, key=lambda each: float(each.losses.mean()))
    error = float(best.losses.std()) / len(best.losses) ** 0.5
    near = [each for each in tried if each.losses.mean() <= best.losses.mean() + error]
    return max(near, key=lambda each: each.pull)
