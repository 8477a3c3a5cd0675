"""Personal data in what releases without masking had stored: masked when it is taken again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from domain.masking import is_personal_url, mask
from domain.masking.kinds import PersonalData
from domain.reviews import Review
from storage.mongo.client import Document

#: Reviews whose versions are held at once: there may be twenty long texts of each.
_BATCH = 50


def review_of(row: Document) -> Review:
    """Return a stored review as a source would give it: cleaned once, masked again.

    Masking what is masked changes nothing.
    """
    masked = mask(row["text"])
    kinds = {*row.get("masked", ()), *masked.kinds}
    url = row.get("url")
    return Review(
        review_id=row["review_id"],
        text=masked.text,
        rating=row["rating"],
        created_at=row["created_at"],
        url=None if url is None or is_personal_url(url) else url,
        masked=tuple(str(kind) for kind in PersonalData if kind in kinds),
    )


def masked_version(version: Document) -> Document:
    """Return a version of a review with its text masked, and the hash of what it is then.

    The old hash is not kept: numbers could be tried against it.
    """
    masked = mask(version["text"])
    if not masked.kinds:
        return version
    content_hash = Review("", masked.text, version["rating"]).content_hash
    return {**version, "text": masked.text, "content_hash": content_hash}


def mask_versions(
    raw: Collection[Document], session: ClientSession, ids: Sequence[str], now: datetime
) -> None:
    """Mask the earlier versions of reviews in the caller's transaction."""
    where = {"_id": {"$in": list(ids)}, "versions.0": {"$exists": True}}
    updates: list[UpdateOne] = []
    for row in raw.find(where, {"versions": 1}, session=session, batch_size=_BATCH):
        versions = [masked_version(version) for version in row["versions"]]
        if versions != row["versions"]:
            change = {"$set": {"versions": versions, "masked_at": now}}
            updates.append(UpdateOne({"_id": row["_id"]}, change))
    if updates:
        raw.bulk_write(updates, ordered=False, session=session)
