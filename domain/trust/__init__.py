"""Signs of doubt: near-copies, filled-in templates, bursts. Pure: the reviews alone decide.

The order in which reviews are given never changes the outcome. A sign is not a proof: what is
found is shown and counted with and without, and no review is left out because of it.
"""

from domain.trust.bursts import find_bursts
from domain.trust.corpus import Corpus, WeighedReview, moment_of
from domain.trust.elsewhere import Elsewhere, Twin, keys_left
from domain.trust.signatures import Signatures, sign
from domain.trust.weighing import weigh

__all__ = [
    "Corpus",
    "Elsewhere",
    "Signatures",
    "Twin",
    "WeighedReview",
    "find_bursts",
    "keys_left",
    "moment_of",
    "sign",
    "weigh",
]
