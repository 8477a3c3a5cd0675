"""A file of reviews as a source: CSV, JSON Lines or Parquet, in batches that can be resumed."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from domain.errors import FileUnreadable, NoReviewsFound, SourceError, SourceUnavailable
from domain.rating_scale import USUAL_SCALE, Origin, RatingScale, find_scale, given_scale
from domain.rejections import Rejected, RejectReason
from domain.reviews import ProductInfo, Refusal, SourceBatch
from settings.models import CrawlSettings
from sources.base import SourceIdentity, SourceSpec
from sources.file_forms import bare_name, open_rows
from sources.file_rows import (
    Ending,
    Layout,
    Place,
    Row,
    RowReader,
    changed_since,
)
from sources.row_sieve import RowSieve
from sources.text_file import fingerprint

#: So many rows that are not reviews may be read besides `max_reviews`: blank lines pack well,
#: and a small gzip file can hold billions of them.
SPARE_ROWS = 1_000_000
#: Rows that are looked at for the scale of a file's ratings: nearly always all of them, for a file
#: may be sorted by rating. Reading them takes a second or two.
SCALE_ROWS = 200_000
#: … and bytes of them, should the rows be large.
SCALE_BYTES = 100_000_000

_Row = Row | Rejected | None
_END: Final = object()


class FileSource:
    """One file as the reviews of one product."""

    def __init__(self, spec: SourceSpec, settings: CrawlSettings) -> None:
        self._spec = spec
        self._batch_rows = settings.batch_rows
        self._max_rows = settings.max_reviews + SPARE_ROWS
        self._max_reviews = min(spec.max_reviews or settings.max_reviews, settings.max_reviews)
        self._given = None if spec.rating_max is None else given_scale(spec.rating_max)
        self._path = _absolute(spec.location)

    @property
    def identity(self) -> SourceIdentity:
        """The file's absolute path; known without reading it."""
        return SourceIdentity("file", str(self._path), bare_name(self._path))

    def expected_reviews(self) -> int | None:
        """Return how many reviews there may be; None where the file cannot be read.

        Exact for Parquet, from the first 64 kB otherwise. What is wrong with the file is told
        by `batches`, which reads it anyway.
        """
        try:
            count = open_rows(self._path, self._spec.encoding).estimated_count()
        except (SourceError, SourceUnavailable):
            return None
        return None if count is None else min(count, self._max_reviews)

    def batches(self, cursor: Mapping[str, Any] | None) -> Iterator[SourceBatch]:
        """Yield batches of rows from the start, or from behind the batch that gave `cursor`.

        Raises:
            SourceUnavailable: the operating system failed to read; worth another call.
            FileUnreadable: missing, empty, or of no form we read.
            ColumnMissing: no column for the text, or a mapped one is not there.
            NoReviewsFound: a header and nothing behind it.
        """
        if cursor:
            yield from self._resumed(cursor)
            return
        reader = open_rows(self._path, self._spec.encoding)
        layout = self._layout(reader)
        count = reader.exact_count()
        product = ProductInfo(self.identity.provisional_name, declared_reviews=count)
        with closing(self._read(reader, layout, Place(), 0)) as batches:
            yield replace(next(batches), product=product)
            yield from batches

    def _resumed(self, cursor: Mapping[str, Any]) -> Generator[SourceBatch]:
        """Go on behind a cursor; a file that is gone or another one by now is an early end."""
        layout, place = Layout.from_state(cursor), Place.from_state(cursor)
        try:
            reader = open_rows(self._path, self._spec.encoding)
            if fingerprint(self._path, layout.head) != layout.head:
                raise FileUnreadable(changed_since(self._path, "it begins differently").message)
            batches = self._read(reader, layout, place, cursor["given"])
            first = next(batches)
        except SourceError as error:
            ending = Ending("file_changed", error.line, is_damage=True)
            yield SourceBatch(
                (),
                refusals=self._refusals(ending),
                cursor=cursor,
                done=True,
                stopped_by="file_changed",
            )
            return
        with closing(batches):
            yield first
            yield from batches

    def _layout(self, reader: RowReader) -> Layout:
        """Decide how to read the file, the scale of its ratings by a reading for that alone."""
        layout = reader.layout(self._spec.columns)
        scale = self._given
        if scale is None and "rating" in layout.columns:
            place = Place()
            # No other column is asked for: Parquet then reads no other.
            ratings = replace(layout, columns={"rating": layout.columns["rating"]})
            with closing(reader.rows(ratings, place)) as rows:
                scale = find_scale(_ratings(rows, place))
        best = scale.best if scale is not None else None
        return replace(layout, rating_max=best, head=fingerprint(self._path))

    def _scale(self, layout: Layout) -> RatingScale:
        """Return the scale the layout has, which a resumed reading takes from its cursor."""
        if layout.rating_max is None:
            return USUAL_SCALE
        origin = Origin.FOUND if self._given is None else Origin.GIVEN
        return RatingScale.up_to(layout.rating_max, origin)

    def _read(
        self, reader: RowReader, layout: Layout, place: Place, given: int
    ) -> Generator[SourceBatch]:
        fresh, done, scale = place.row == 0, False, self._scale(layout)
        with closing(reader.rows(layout, place)) as generator:
            rows = _Rows(generator, place)
            while not done:
                unseen = _is_past_those_looked_at(rows.behind)
                sieve = self._fill(RowSieve(reader, scale), rows, self._max_reviews - given)
                given += len(sieve.reviews)
                doubt = self._doubt(sieve, scale, rows.behind.row) if unseen else None
                ending = doubt or self._ending(rows, given)
                done = ending is not None or rows.at_end()
                if fresh and done and not sieve.reviews and not sieve.rejected:
                    raise _nothing_in(self._path, ending)
                cursor = {**layout.to_state(), **rows.behind.to_state(), "given": given}
                batch = self._batch(sieve, cursor, ending, done=done)
                yield replace(batch, rating_scale=_told(scale, layout, sieve))
                fresh = False

    def _fill(self, sieve: RowSieve, rows: _Rows, room: int) -> RowSieve:
        for _ in range(self._batch_rows):
            if len(sieve.reviews) >= room or (row := rows.take()) is _END:
                break
            sieve.add(cast("_Row", row))
        return sieve

    def _ending(self, rows: _Rows, given: int) -> Ending | None:
        """Return why the file is not read further, None where it is or was read whole."""
        if rows.at_end():
            return rows.ended
        if given >= self._max_reviews:
            return Ending("max_reviews", f"{given:,} reviews were read, and more are there")
        if rows.behind.row >= self._max_rows:
            return Ending("max_rows", f"{rows.behind.row:,} rows were read, and more are there")
        return None

    def _doubt(self, sieve: RowSieve, scale: RatingScale, row: int) -> Ending | None:
        """Return an ending where rows that the scale was not found from are on another one.

        Reading on would put them aside one by one, and call the rest the whole.
        """
        reasons = [record.reason for record in sieve.rejected]
        beyond = reasons.count(RejectReason.RATING_OUT_OF_RANGE)
        rated = beyond + sum(review.rating is not None for review in sieve.reviews)
        if not scale.doubted_by(beyond, rated):
            return None
        told = (
            f"{beyond:,} of the last {rated:,} ratings up to {sieve.unit} {row:,} are beyond the "
            f"scale of {scale.worst:g} to {scale.best:g} that those before are read on; "
            "say what the best rating is with --rating-max, and analyse again"
        )
        return Ending("rating_scale", f"{self._path}: {told}", is_damage=True)

    def _batch(
        self, sieve: RowSieve, cursor: Mapping[str, Any], ending: Ending | None, *, done: bool
    ) -> SourceBatch:
        return SourceBatch(
            reviews=tuple(sieve.reviews),
            rejected=tuple(sieve.rejected),
            refusals=self._refusals(ending),
            cursor=cursor,
            done=done,
            stopped_by=ending.stopped_by if ending is not None else None,
        )

    def _refusals(self, ending: Ending | None) -> tuple[Refusal, ...]:
        if ending is None or not ending.is_damage:
            return ()
        return (Refusal(str(self._path), FileUnreadable.code, ending.message),)


class _Rows:
    """Rows of which the next can be looked at; `behind` is the place behind the last taken."""

    def __init__(self, rows: Iterator[_Row], place: Place) -> None:
        self._rows = rows
        self._place = place
        self._ahead: object = None
        self._behind: Place | None = None

    def take(self) -> object:
        """Return the next row, `_END` behind the last."""
        if self._behind is None:
            return next(self._rows, _END)
        self._behind = None
        return self._ahead

    def at_end(self) -> bool:
        """Whether there is no further row."""
        if self._behind is None:
            self._behind = replace(self._place)
            self._ahead = next(self._rows, _END)
        return self._ahead is _END

    @property
    def behind(self) -> Place:
        """Where to go on after the rows taken."""
        return self._behind or self._place

    @property
    def ended(self) -> Ending | None:
        """Why the rows stopped early, if they did."""
        return self._place.ended


def _told(scale: RatingScale, layout: Layout, sieve: RowSieve) -> RatingScale | None:
    """Return the scale where it was used: not for a file without ratings."""
    if scale.origin is Origin.ASSUMED:
        return scale if any(review.rating is not None for review in sieve.reviews) else None
    return scale if "rating" in layout.columns else None


def _ratings(rows: Iterator[_Row], place: Place) -> Iterator[object]:
    for row in rows:
        if type(row) is Row:
            yield row.rating
        if _is_past_those_looked_at(place):
            return


def _is_past_those_looked_at(place: Place) -> bool:
    """Whether the rows behind `place` were not looked at for the scale."""
    return place.row >= SCALE_ROWS or place.offset >= SCALE_BYTES


def _nothing_in(path: Path, ending: Ending | None) -> SourceError:
    if ending is not None:
        return FileUnreadable(ending.message)
    return NoReviewsFound(f"{path} has no row of a review")


def _absolute(location: str) -> Path:
    try:
        return Path(location).expanduser().resolve()
    except (ValueError, RuntimeError, OSError) as error:
        raise FileUnreadable(f"{location[:200]!r} is no path of a file: {error}") from None
