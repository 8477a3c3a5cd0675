"""Signs of doubt: near-copies, filled-in templates, bursts. Pure: the reviews alone decide.

The order in which reviews are given never changes the outcome. A sign is not a proof: what is
found is shown and counted with and without, and no review is left out because of it.
"""

from domain.trust.bursts import find_bursts
from domain.trust.corpus import Corpus, WeighedReview, moment_of
from domain.trust.elsewhere import Elsewhere, Twin, fits
from domain.trust.weighing import weigh

__all__ = [
    "Corpus",
    "Elsewhere",
    "Twin",
    "WeighedReview",
    "find_bursts",
    "fits",
    "moment_of",
    "weigh",
]
