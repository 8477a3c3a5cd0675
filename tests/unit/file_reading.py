"""How the tests of file sources write files and read them whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.rejections import Rejected
from domain.reviews import Review, SourceBatch
from settings.models import CrawlSettings
from sources.base import SourceSpec
from sources.files import FileSource


@dataclass(frozen=True)
class Read:
    """All that a file gave."""

    batches: list[SourceBatch]

    @property
    def reviews(self) -> list[Review]:
        return [review for batch in self.batches for review in batch.reviews]

    @property
    def rejected(self) -> list[Rejected]:
        return [record for batch in self.batches for record in batch.rejected]

    @property
    def texts(self) -> list[str]:
        return [review.text for review in self.reviews]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(str(record.reason), record.where) for record in self.rejected]

    @property
    def last(self) -> SourceBatch:
        return self.batches[-1]


def source(
    path: Path, *, batch_rows: int = 500, max_reviews: int = 1_000_000, **spec: Any
) -> FileSource:
    settings = CrawlSettings(batch_rows=batch_rows, max_reviews=max_reviews)
    wanted = {"max_reviews": spec.pop("limit", None), **spec}
    return FileSource(SourceSpec(str(path), **wanted), settings)


def read(path: Path, cursor: Mapping[str, Any] | None = None, **options: Any) -> Read:
    """Read a file to its end, and check what holds of every reading."""
    batches = list(source(path, **options).batches(cursor))
    assert [batch.done for batch in batches] == [False] * (len(batches) - 1) + [True]
    if cursor:
        assert all(batch.product is None for batch in batches)
    else:
        assert [batch.product is not None for batch in batches] == [True] + [False] * (
            len(batches) - 1
        )
    return Read(batches)


def stored(cursor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cursor as a database gives it back."""
    return dict(json.loads(json.dumps(cursor)))


def write(path: Path, data: bytes | str) -> Path:
    raw = data.encode() if isinstance(data, str) else data
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


def jsonl(records: Iterable[Any]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
