"""The reviews of one product, held as columns: what is looked at together needs little room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.tally import POLARITY_BAND
from domain.trust.signatures import SLOTS, Signatures, sign

T = TypeVar("T", bound=np.generic)

#: The moment of a review without a date: behind all others.
UNDATED = np.iinfo(np.int64).max
#: Stars that leave no doubt on which side they stand; unrated reviews stand where they feel.
_GOOD_STARS = 4.5
_BAD_STARS = 2.0
_FIRST_ROOM = 1024


class WeighedReview(NamedTuple):
    """What is looked at of one review that has a card. Stars 1..5, polarity −1..1."""

    review_id: str
    text: str
    reviewed_at: datetime | None
    first_seen_at: datetime
    rating: float | None
    polarity: float

    @property
    def side(self) -> int:
        """1 praises, −1 condemns, 0 is neither."""
        if self.rating is not None:
            return (self.rating >= _GOOD_STARS) - (self.rating <= _BAD_STARS)
        return (self.polarity > POLARITY_BAND) - (self.polarity < -POLARITY_BAND)


def moment_of(when: datetime | None) -> int:
    """Return milliseconds since 1970, `UNDATED` for None."""
    if when is None:
        return int(UNDATED)
    return round(when.timestamp() * 1000)


class Corpus:
    """The reviews given so far: 330 bytes and its id for each, 60 for one too short to compare."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._moments: list[NDArray[np.int64]] = []
        self._seen: list[NDArray[np.int64]] = []
        self._sides: list[NDArray[np.int8]] = []
        self._rows: list[NDArray[np.int64]] = []
        self._sizes: list[NDArray[np.float32]] = []
        self._matrix = np.empty((_FIRST_ROOM, SLOTS), dtype=np.uint32)
        self._compared = 0

    def add(self, reviews: Sequence[WeighedReview]) -> Signatures:
        """Take in a batch and return its signatures; each review once, at most 32,768 at once."""
        before = len(self.ids)
        self.ids += [review.review_id for review in reviews]
        self._moments.append(np.array([moment_of(r.reviewed_at) for r in reviews], dtype=np.int64))
        self._seen.append(np.array([moment_of(r.first_seen_at) for r in reviews], dtype=np.int64))
        self._sides.append(np.array([review.side for review in reviews], dtype=np.int8))
        signed = sign([review.text for review in reviews])
        self._rows.append(signed.rows + before)
        self._sizes.append(signed.sizes)
        self._keep(signed.matrix)
        return signed

    def _keep(self, matrix: NDArray[np.uint32]) -> None:
        """Append signatures; the room doubles, so that nothing is copied at the end."""
        end = self._compared + len(matrix)
        if end > len(self._matrix):
            room = np.empty((max(end, 2 * len(self._matrix)), SLOTS), dtype=np.uint32)
            room[: self._compared] = self._matrix[: self._compared]
            self._matrix = room
        self._matrix[self._compared : end] = matrix
        self._compared = end

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each review was written, in milliseconds since 1970, or `UNDATED`."""
        return _whole(self._moments, np.int64)

    @property
    def seen(self) -> NDArray[np.int64]:
        """When each review was first seen, in milliseconds since 1970."""
        return _whole(self._seen, np.int64)

    @property
    def sides(self) -> NDArray[np.int8]:
        """On which side each review stands: 1, −1 or 0."""
        return _whole(self._sides, np.int8)

    @property
    def compared(self) -> NDArray[np.int64]:
        """The reviews long enough to be compared, in the order of `sizes` and `matrix`."""
        return _whole(self._rows, np.int64)

    @property
    def sizes(self) -> NDArray[np.float32]:
        """How much each compared review says, in triples of syllables."""
        return _whole(self._sizes, np.float32)

    @property
    def matrix(self) -> NDArray[np.uint32]:
        """The signatures of the compared reviews."""
        return self._matrix[: self._compared]

    def earliest_first(self) -> NDArray[np.int64]:
        """Return all reviews by when they were written, then by id."""
        by_id = np.array(sorted(range(len(self.ids)), key=self.ids.__getitem__), dtype=np.int64)
        return by_id[np.argsort(self.moments[by_id], kind="stable")]


def _whole(parts: list[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)
