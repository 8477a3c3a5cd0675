"""The platform's rated reviews as examples: chosen in one pass, read in a second.

The first pass holds hashes and ids, the second n-gram numbers: never the texts of more than a
batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.adaptation.features import Examples, ExampleStore, examples_of, read_texts
from domain.adaptation.selection import (
    BAD_STARS,
    GOOD_STARS,
    Chosen,
    Selection,
    side,
    text_key,
    usable,
)
from settings import Settings
from storage.mongo.rated_reviews import (
    RatedReview,
    WeighedCard,
    rated_reviews,
    texts_of,
    weighed_cards,
)
from storage.postgres.results import current_tasks

#: Is told of each step, in words.
Tell = Callable[[str], None]
#: Texts read at once.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class RatedExamples:
    """Examples in order: those that choose the settings, the others learnt from, the held back."""

    examples: Examples
    tuning: int
    learnt: int
    #: When the oldest and the newest of the reviews were written; None where no date is known.
    oldest: datetime | None
    newest: datetime | None

    @property
    def training(self) -> Examples:
        """What is learnt from; the first `tuning` of it choose the settings."""
        return self.examples.between(0, self.learnt)

    @property
    def held_back(self) -> Examples:
        """What is kept for judging."""
        return self.examples.between(self.learnt, len(self.examples))


def choose_reviews(settings: Settings, tell: Tell) -> tuple[list[Chosen], dict[str, int]]:
    """Choose among all rated reviews; return the choice, and how many were left out and why.

    Learnt from are reviews that were looked at for signs of doubt, as they stand, and carry none.
    """
    analysis = settings.analysis
    selection = Selection(analysis.adapt_reviews, analysis.adapt_reviews_a_product)
    for batch in rated_reviews(settings.mongo, up_to=BAD_STARS, from_=GOOD_STARS):
        _offer(settings, selection, batch)
        tell(f"choosing among rated reviews: {selection.seen:,} seen")
    chosen = selection.all()
    left_out = {why: count for why, count in sorted(selection.left_out.items()) if count}
    return chosen, {"seen": selection.seen, **left_out}


def _offer(settings: Settings, selection: Selection, batch: Sequence[RatedReview]) -> None:
    cards = _weighed(settings, batch)
    for review in batch:
        selection.seen += 1
        positive, card = side(review.rating), cards.get(review.stored_id)
        if positive is None or not usable(review.text):
            selection.left_out["not_read"] += 1
        elif card is None or card.content_hash != review.content_hash:
            selection.left_out["not_weighed"] += 1
        elif card.doubted:
            selection.left_out["doubted"] += 1
        else:
            selection.offer(
                stored_id=review.stored_id,
                product_id=review.product_id,
                text=review.text,
                positive=positive,
            )


def _weighed(settings: Settings, batch: Sequence[RatedReview]) -> dict[str, WeighedCard]:
    """Return the reviews' cards in their product's current result, by where the reviews are.

    Not those of the analysis that took a review last: until that ends its cards are not weighed.
    """
    tasks = current_tasks(settings.postgres, sorted({review.product_id for review in batch}))
    ids = {
        review.stored_id: f"{tasks[review.product_id]}:{review.review_id}"
        for review in batch
        if review.product_id in tasks
    }
    cards = weighed_cards(settings.mongo, list(ids.values()))
    return {stored_id: cards[card] for stored_id, card in ids.items() if card in cards}


def read_examples(settings: Settings, chosen: Sequence[Chosen], tell: Tell) -> RatedExamples:
    """Return the chosen reviews as examples; one that was edited meanwhile is passed over."""
    store = ExampleStore()
    tuning = learnt = 0
    moments: list[datetime] = []
    for start in range(0, len(chosen), _BATCH):
        part = chosen[start : start + _BATCH]
        texts = texts_of(settings.mongo, [each.stored_id for each in part])
        there = [(each, *texts[each.stored_id]) for each in part if each.stored_id in texts]
        there = [row for row in there if text_key(row[1]) == row[0].key]
        parsed = read_texts([text for _, text, _ in there])
        read = [
            (review, row[0])
            for review, row in zip(parsed, there, strict=True)
            if review is not None
        ]
        store.add(examples_of([review for review, _ in read], [each.positive for _, each in read]))
        tuning += sum(each.tunes for _, each in read)
        learnt += sum(not each.held_back for _, each in read)
        dates = [moment for _, _, moment in there if moment is not None]
        moments = [min([*moments, *dates]), max([*moments, *dates])] if moments or dates else []
        tell(f"reading the chosen reviews: {start + len(part):,} of {len(chosen):,}")
    oldest, newest = moments or (None, None)
    return RatedExamples(store.all(), tuning, learnt, oldest, newest)
