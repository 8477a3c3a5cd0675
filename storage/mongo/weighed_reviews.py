"""Cards beside the texts they were made from, streamed for the weighing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple, cast

from bson import decode_all

from domain.cards import Card
from domain.errors import InvariantBroken
from domain.trust import WeighedReview
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import EMOTION_CARDS, RAW_REVIEWS
from storage.mongo.emotion_cards import card_from

#: Documents fetched at once.
_BATCH = 1000
#: Of a card what the weighing looks at: the rest, ten times as much, stays in the store.
_OF_CARD = dict.fromkeys(
    ("review_id", "content_hash", "reviewed_at", "rating", "polarity", "signals"), 1
)
_OF_REVIEW = dict.fromkeys(
    ("content_hash", "text", "first_seen_at", "versions.content_hash", "versions.text"), 1
)


class WeighedBatch(NamedTuple):
    """Reviews with a card, and those of them whose card has signals already."""

    reviews: list[WeighedReview]
    marked: list[str]
    #: Hashes of the reviews; None where one has been edited since its card was made.
    hashes: list[str | None]


def weighed_reviews(
    settings: MongoSettings, task_id: str, product_id: str
) -> Iterator[WeighedBatch]:
    """Yield what is looked at of a task's cards, a batch at a time, by review id.

    Cards and reviews are gone through side by side: both come by review id, none is looked up.

    Raises:
        InvariantBroken: a card's review is not there.
    """
    texts = ranged(settings, RAW_REVIEWS, product_id, {}, _OF_REVIEW)
    reviews = chain.from_iterable(texts)
    for cards in ranged(settings, EMOTION_CARDS, task_id, {"kind": "card"}, _OF_CARD):
        batch = WeighedBatch([], [], [])
        for card in cards:
            review = _reached(reviews, f"{product_id}:{card['review_id']}")
            same = review["content_hash"] == card["content_hash"]
            batch.reviews.append(_weighed(card, review))
            batch.hashes.append(card["content_hash"] if same else None)
            if card.get("signals"):
                batch.marked.append(card["review_id"])
        yield batch


def _reached(reviews: Iterator[Document], wanted: str) -> Document:
    """Go on to the review of this id: those before it have no card in the task."""
    for review in reviews:
        if review["_id"] == wanted:
            return review
        if review["_id"] > wanted:
            break
    raise InvariantBroken(f"review {wanted} has a card and is not stored")


def ranged(
    settings: MongoSettings, name: str, first: str, where: Document, wanted: Document
) -> Iterator[list[Document]]:
    """Yield the documents whose id begins with "first:", in order of their ids, in batches."""
    bounds = {"_id": {"$gte": f"{first}:", "$lt": f"{first};"}}
    collection = database_for(settings)[name]
    with translated():
        # Whole batches are decoded at once: one document after another costs three times as much.
        rows = collection.find_raw_batches(bounds | where, wanted, batch_size=_BATCH)
        for batch in rows.sort("_id", 1):
            # The driver types a raw batch as a document; it is the bytes of many.
            yield decode_all(cast("bytes", batch), collection.codec_options)


def _weighed(card: Document, review: Document) -> WeighedReview:
    same = review["content_hash"] == card["content_hash"]
    return WeighedReview(
        card["review_id"],
        review["text"] if same else _text_of(review, card["content_hash"]),
        card["reviewed_at"],
        review["first_seen_at"],
        card["rating"],
        card["polarity"],
    )


def _text_of(review: Document, content_hash: str) -> str:
    """Return the text that a card was made from, where the review has been edited since.

    Of a review edited so often since that this version is gone, nothing: such a card is like no
    other. Another text is not what it speaks of, and an error would come again at each try.
    """
    for version in review.get("versions", ()):
        if version["content_hash"] == content_hash:
            return str(version["text"])
    return ""


def load_cards(settings: MongoSettings, task_id: str, review_ids: Sequence[str]) -> list[Card]:
    """Return the cards of some of a task's reviews, by review id."""
    ids = [f"{task_id}:{review_id}" for review_id in review_ids]
    with translated():
        rows = database_for(settings)[EMOTION_CARDS].find({"_id": {"$in": ids}}).sort("_id", 1)
        return [card_from(row) for row in rows]
