"""A task's cards counted again, where what was kept beside them is not enough."""

from __future__ import annotations

from domain.cards import FailureReason
from domain.tally import Tally
from settings import Settings
from storage.mongo.emotion_cards import card_from, outcomes


def recount(settings: Settings, task_id: str) -> Tally:
    """Return the tally of all cards and failure records of a task; streams them.

    Slow: for analyses that were under way when a release came that keeps more in its tallies.
    """
    tally = Tally()
    for row in outcomes(settings.mongo, task_id):
        if row["kind"] == "card":
            tally.add(card_from(row))
        else:
            tally.add_failure(FailureReason(row["failure"]["reason"]))
    return tally
