"""What every source of reviews offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from domain.reviews import SourceBatch


@dataclass(frozen=True, slots=True)
class SourceIdentity:
    """Which product of which source: equal identities are the same product.

    `source` is the host (with port, if not the default one) or "file"; `external_key` is the
    canonical URL (no fragment, no tracking or page parameters) or the file's absolute path.
    """

    source: str
    external_key: str
    #: A name to show until the source tells a better one.
    provisional_name: str


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """What to read and how, as stored with the request (JSON-able through `to_state`)."""

    #: An http(s) URL, or the path of a file.
    location: str
    #: For files: our field ("review_id", "text", "rating", "created_at") → the file's column.
    columns: Mapping[str, str] | None = None
    #: For files: the best rating of the file's scale; None: found out from the file.
    rating_max: float | None = None
    #: For files: the text encoding; None: found out.
    encoding: str | None = None
    #: Stop after this many reviews.
    max_reviews: int | None = None
    #: Not the location is read, but the stored reviews of the product's current result.
    stored: bool = False

    @property
    def is_url(self) -> bool:
        """Whether the location is a web address."""
        return self.location.lower().startswith(("http://", "https://"))

    def to_state(self) -> dict[str, Any]:
        """Return the spec as a JSON-able document."""
        state = {
            "location": self.location,
            "columns": dict(self.columns) if self.columns else None,
            "rating_max": self.rating_max,
            "encoding": self.encoding,
            "max_reviews": self.max_reviews,
        }
        # Left away elsewhere: a release that has no such field reads all other requests.
        return {**state, "stored": True} if self.stored else state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> SourceSpec:
        """Return the spec that `to_state` wrote."""
        return cls(**state)


class ReviewSource(Protocol):
    """A source of one product's reviews."""

    @property
    def identity(self) -> SourceIdentity:
        """The product's identity; known without reading the source."""

    def expected_reviews(self) -> int | None:
        """Return a cheap guess of how many reviews there are, None where there is none."""

    def batches(self, cursor: Mapping[str, Any] | None) -> Iterator[SourceBatch]:
        """Yield batches from the start, or from behind the batch that gave `cursor`.

        The last batch has `done=True`. Holds one batch in memory, never everything.

        Raises:
            TransientError: worth another call with the last cursor.
            SourceError: the source cannot be read (before its first review), by name.
        """
