"""Pages as they were answered, for conditional requests of later crawls; kept for a week."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, datetime

from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import CRAWLED_PAGES

#: A larger body is not kept: it is asked for again as a whole.
MAX_KEPT_BYTES = 2_000_000


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def keep_page(settings: MongoSettings, url: str, body: bytes, answer: Document) -> None:
    """Keep a page; `answer` is what its headers said, as strings or None."""
    packed = zlib.compress(body, level=3)
    if len(packed) > MAX_KEPT_BYTES:
        return
    row = {"url": url, "body": packed, "answer": answer, "kept_at": datetime.now(UTC)}
    with translated():
        pages = database_for(settings)[CRAWLED_PAGES]
        pages.replace_one({"_id": _key(url)}, row, upsert=True)


def kept_page(settings: MongoSettings, url: str) -> tuple[bytes, Document] | None:
    """Return the body and the answer of a page; None where it is not kept."""
    with translated():
        row = database_for(settings)[CRAWLED_PAGES].find_one({"_id": _key(url)})
    return (zlib.decompress(row["body"]), row["answer"]) if row else None
