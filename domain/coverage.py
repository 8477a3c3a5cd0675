"""What was read, what was not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.rating_scale import RatingScale
from domain.rejections import Rejected
from domain.reviews import Refusal, SourceBatch

#: Refused pages listed one by one; beyond it they are only counted.
MAX_LISTED = 20
#: Fewer reviews than this share of the declared are a gap, where more than so many are missing:
#: shops count a little otherwise than they show (hidden, deleted, of today).
ENOUGH_SHARE = 0.9
FEW_MISSING = 10
#: Of a stored coverage, what the rest of it gives.
_DERIVED = ("unread", "whole")


@dataclass(slots=True)
class Coverage:
    """Counts over all batches of one analysis; kept beside the crawl's cursor."""

    declared: int | None = None
    pages: int = 0
    collected: int = 0
    duplicates: int = 0
    edited: int = 0
    repaired: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refusals: list[dict[str, str]] = field(default_factory=list)
    stopped_by: str | None = None
    #: How a file's ratings were read; None for pages, which say it with each rating.
    rating_scale: RatingScale | None = None
    #: Of reviews taken from the store: the analysis that read them from their source.
    reanalysis_of: str | None = None

    def of_stored(self, read_by: str) -> Coverage:
        """Return the coverage that a re-analysis of these reviews begins with.

        What the source gave and what it did not is as the reading had it: a partial one stays
        partial. The reviews alone are counted anew. `read_by` is the analysis that has this
        coverage; one that took its reviews from the store itself names the one that read them.
        """
        first = Coverage.from_state(self.to_state())
        first.collected = 0
        first.reanalysis_of = self.reanalysis_of or read_by
        return first

    def add(self, batch: SourceBatch, *, collected: int, duplicates: int, edited: int) -> None:
        """Count one batch; `collected` of its reviews were new to this analysis."""
        if batch.product is not None and batch.product.declared_reviews is not None:
            self.declared = batch.product.declared_reviews
        self.pages += batch.pages
        self.collected += collected
        self.duplicates += duplicates
        self.edited += edited
        self.repaired += sum(1 for review in batch.reviews if review.repairs)
        self.quarantine(batch.rejected)
        self.refuse(batch.refusals)
        self.stopped_by = batch.stopped_by or self.stopped_by
        self.rating_scale = batch.rating_scale or self.rating_scale

    def quarantine(self, rejected: Iterable[Rejected]) -> None:
        """Count records that were kept in quarantine."""
        self.quarantined.update(str(record.reason) for record in rejected)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Count pages that were not read."""
        for refusal in refusals:
            self.refused[refusal.code] += 1
            if len(self.refusals) < MAX_LISTED:
                row = {"where": refusal.where, "code": refusal.code, "message": refusal.message}
                self.refusals.append(row)

    @property
    def whole(self) -> bool:
        """Whether all that the source has was read."""
        return self.read_to_end and not self.unread

    @property
    def read_to_end(self) -> bool:
        """Whether no page was refused and reading went on to where the source ends."""
        return not self.refused and self.stopped_by is None

    @property
    def unread(self) -> int:
        """How many declared reviews are missing although the source was read to its end.

        0 where the difference is small, or where a refusal or an early stop explains it.
        """
        if self.declared is None or not self.read_to_end:
            return 0
        # A record in quarantine, or one that came again, was there to be read.
        read = self.collected + self.duplicates + sum(self.quarantined.values())
        missing = self.declared - read
        gap = missing > FEW_MISSING and read < ENOUGH_SHARE * self.declared
        return missing if gap else 0

    def to_state(self) -> dict[str, Any]:
        """Return the coverage as a JSON-able document, as results show it."""
        return {
            "declared": self.declared,
            "pages": self.pages,
            "collected": self.collected,
            "duplicates": self.duplicates,
            "edited": self.edited,
            "repaired": self.repaired,
            "quarantined": dict(sorted(self.quarantined.items())),
            "refused": dict(sorted(self.refused.items())),
            "refusals": self.refusals,
            "stopped_by": self.stopped_by,
            "rating_scale": self.rating_scale and self.rating_scale.to_state(),
            "reanalysis_of": self.reanalysis_of,
            "unread": self.unread,
            "whole": self.whole,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Coverage:
        """Return the coverage that `to_state` wrote, of older versions too."""
        fields = {key: value for key, value in state.items() if key not in _DERIVED}
        fields["quarantined"] = Counter(fields["quarantined"])
        fields["refused"] = Counter(fields["refused"])
        fields["refusals"] = list(fields["refusals"])
        # Coverages from before the scale was kept have no such field.
        scale = fields.get("rating_scale")
        fields["rating_scale"] = scale and RatingScale.from_state(scale)
        return cls(**fields)
