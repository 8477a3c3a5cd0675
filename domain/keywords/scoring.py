"""How unusually often a stem is said: log-odds ratios with an informative Dirichlet prior.

Burt L. Monroe, Michael P. Colaresi, Kevin M. Quinn: "Fightin' Words: Lexical Feature Selection and
Evaluation for Identifying the Content of Political Conflict", Political Analysis 16 (2008),
equations 16, 20 and 22.

The score ranks. Whether chance explains a difference is asked beside it, exactly: three cards are
too few for a score that believes in bell curves.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from domain.statistics import incomplete_beta

#: A stem that could not stay below this chance, were all its sayings on one side, is not tried.
_TELLING = 0.05
#: Sayings that the prior is worth at most, and as a share of all: what both sides have in common,
#: believed before either is looked at. More of it asks more of a rare stem.
MOST_PRIOR, PRIOR_SHARE = 1_000, 0.1


class Said(NamedTuple):
    """How many of all sayings are of one stem."""

    stem: float
    all: float


def z_score(here: Said, there: Said) -> float:
    """Return by how many standard errors a stem is said more here than there; below 0, less.

    The prior says a stem at the rate of both sides together. A stem that nobody says scores 0.
    """
    stem, sayings = here.stem + there.stem, here.all + there.all
    if not stem:
        return 0.0
    worth = min(MOST_PRIOR, PRIOR_SHARE * sayings)
    prior = Said(worth * stem / sayings, worth)
    difference = _log_odds(here, prior) - _log_odds(there, prior)
    return difference / math.sqrt(1 / (here.stem + prior.stem) + 1 / (there.stem + prior.stem))


def _log_odds(said: Said, prior: Said) -> float:
    stem = said.stem + prior.stem
    return math.log(stem / (said.all + prior.all - stem))


def chance_of_more(here: Said, there: Said) -> float:
    """Return how often a stem is said so often here, or more, where both sides say it alike.

    Exact at any count: given how often it is said on both sides together, how much of that is
    here is binomial (Przyborowski and Wilenski, Biometrika 31, 1940). Weighted sayings need not
    be whole.
    """
    if not here.stem:
        return 1.0
    return incomplete_beta(here.stem, there.stem + 1, here.all / (here.all + there.all))


def fewest_that_tell(here: float, there: float, least: int) -> float:
    """Return how many sayings of a stem, on both sides, it takes to tell anything; `least` or more.

    Fewer could not, wherever they are; to try those too would only make chance look busier
    (Gilbert, Journal of the Royal Statistical Society C 54, 2005). Infinite where a side is silent.
    """
    if not (here and there):
        return math.inf
    return max(least, math.log(_TELLING) / math.log(here / (here + there)))
