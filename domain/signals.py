"""Signs that a review may not be what it seems: shown, counted with and without, never hidden."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class SignalKind(StrEnum):
    """Why a review is doubted."""

    #: Nearly the text of an earlier review of the same product.
    COPY = "copy"
    #: Nearly the text of a review of another product.
    COPY_ELSEWHERE = "copy_elsewhere"
    #: One of several that fill the same sentence with other words.
    TEMPLATE = "template"
    #: One of far more, and more alike in feeling, than the product's own days have.
    BURST = "burst"


class Signal(NamedTuple):
    """One sign, and what the review has in common with others that carry it.

    `group` is the id of the review copied (of another product: "product_id:review_id"), the id of
    a template's first review, or the first day of a burst (ISO 8601).
    """

    kind: SignalKind
    group: str
