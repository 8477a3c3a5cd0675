"""Counts the words of an analysis; run in a process of its own, for Kiwi's memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from domain.cards import Card
from domain.keywords.counting import KeywordCounts
from domain.keywords.finding import StemFinder, Text
from domain.keywords.sampling import chosen_reviews
from settings.models import MongoSettings
from storage.mongo.card_jobs import scope_ids
from storage.mongo.client import close_clients
from storage.mongo.emotion_cards import card_from, outcomes_of
from storage.mongo.raw_reviews import texts_by_hash

#: Cards and texts in memory at once.
BATCH = 500
#: A stem that one card alone holds is no keyword, and half of all stems are such.
LEAST_CARDS = 2


@dataclass(slots=True)
class CountedWords:
    """The counts of an analysis, of the stems that two cards hold."""

    counts: KeywordCounts = field(default_factory=KeywordCounts)
    #: Cards left out for their signals: a copied text has been said once.
    doubted: int = 0


def count_words(
    settings: MongoSettings, task_id: str, product_id: str, *, most: int, threads: int
) -> CountedWords:
    """Count the stems of a finished analysis, or of a sample of `most` of its reviews.

    Raises:
        StoreUnavailable: MongoDB does not answer.
    """
    counted = CountedWords()
    finder = StemFinder(threads)
    try:
        chosen = iter(chosen_reviews(scope_ids(settings, task_id), most))
        while batch := list(islice(chosen, BATCH)):
            _count(counted, finder, list(_read(settings, task_id, product_id, batch)))
    finally:
        close_clients()
    languages = counted.counts.only_said_by(LEAST_CARDS)
    counted.counts = KeywordCounts(dict(languages))
    return counted


def _read(
    settings: MongoSettings, task_id: str, product_id: str, review_ids: Sequence[str]
) -> Iterator[tuple[Card, str]]:
    """Yield cards with the texts that they were made from; older than all kept ones, none."""
    rows = outcomes_of(settings, task_id, review_ids)
    texts = texts_by_hash(settings, product_id, review_ids)
    for row in rows:
        text = texts.get((row["review_id"], row["content_hash"]))
        if row["kind"] == "card" and text is not None:
            yield card_from(row), text


def _count(counted: CountedWords, finder: StemFinder, read: Sequence[tuple[Card, str]]) -> None:
    trusted = [(card, text) for card, text in read if not card.signals]
    counted.doubted += len(read) - len(trusted)
    stems = finder.find([Text(text, card.reading.language) for card, text in trusted])
    for (card, text), found in zip(trusted, stems, strict=True):
        counted.counts.add(card, text, found)
