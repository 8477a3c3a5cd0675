"""Rows sorted into reviews and refused records, one batch at a time."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.masking import excerpt
from domain.rating_scale import RatingScale
from domain.rejections import RecordRefused, Rejected, RejectReason
from domain.reviews import Review, build_review
from sources.file_rows import Row, RowReader


class RowSieve:
    """Collects the reviews and the refused records of one batch."""

    def __init__(self, reader: RowReader, scale: RatingScale) -> None:
        self._reader = reader
        self.unit = reader.unit
        self._scale = scale
        self._now = datetime.now(UTC)
        self._ids: set[str] = set()
        self.reviews: list[Review] = []
        self.rejected: list[Rejected] = []

    def add(self, row: Row | Rejected | None) -> None:
        """Sort one row; an empty one (None) is neither a review nor worth keeping."""
        if type(row) is Row:
            self._judge(row)
        elif isinstance(row, Rejected):
            self.rejected.append(row)

    def _judge(self, row: Row) -> None:
        try:
            review = build_review(
                review_id=row.review_id,
                text=row.text,
                rating=row.rating,
                created_at=row.created_at,
                best=self._scale.best,
                worst=self._scale.worst,
                now=self._now,
            )
        except RecordRefused as refused:
            self._refuse(refused.reason, str(refused), row)
            return
        except OverflowError:
            # A date whose time zone moves it out of the calendar.
            message = f"date {excerpt(row.created_at)!r} is in no calendar"
            self._refuse(RejectReason.DATE_UNREADABLE, message, row)
            return
        if review.review_id in self._ids:
            derived = row.review_id is None or row.review_id == ""
            what = "the same text, rating and date" if derived else f"id {review.review_id!r}"
            self._refuse(RejectReason.DUPLICATE_ID, f"{what} as an earlier row", row)
            return
        self._ids.add(review.review_id)
        self.reviews.append(review)

    def _refuse(self, reason: RejectReason, message: str, row: Row) -> None:
        where = f"{self._reader.unit} {row.number}"
        record = self._reader.keep(row.raw)
        self.rejected.append(Rejected(reason, f"{where}: {message}", where, record))
