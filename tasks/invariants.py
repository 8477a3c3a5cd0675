"""The invariants of a finished analysis, checked against what the stores hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from domain.agreement import differing
from domain.cards import Evidence, FailureReason
from domain.doubted import Doubted
from domain.requests import RequestStatus
from domain.results import RESULT_SCHEMA, build_numbers
from domain.tally import Tally
from settings import Settings
from storage.mongo.card_jobs import scope_ids
from storage.mongo.crawl_jobs import crawl_state
from storage.mongo.emotion_cards import card_from, outcome_ids, outcomes
from storage.mongo.raw_reviews import count_in_scope, masked_later, texts_by_hash
from storage.postgres.requests import RequestRow, get_request
from storage.postgres.results import get_result
from tasks.trust import doubted_of

#: Cards looked at together: one query for their reviews, one batch in memory.
BATCH = 1000
#: Ids given as samples of a difference.
SAMPLES = 5


@dataclass(slots=True)
class Finding:
    """What the check of one invariant of design.md found."""

    invariant: int
    title: str
    ok: bool
    detail: str
    samples: list[str] = field(default_factory=list)


def check_analysis(
    settings: Settings, task_id: str, on_progress: Callable[[int], None] | None = None
) -> list[Finding]:
    """Check invariants 1–4 of one analysis; streams, a thousand cards at a time.

    `on_progress` is called with the number of outcomes looked at so far.

    Raises:
        RequestNotFound: there is no such task.
    """
    request = get_request(settings.postgres, task_id)
    terminal = Finding(
        1,
        "The request reached exactly one terminal state",
        request.terminal,
        f"it is {request.status}",
    )
    if request.status not in {RequestStatus.COMPLETED, RequestStatus.PARTIAL}:
        return [terminal]
    spans = _Spans()
    tally, doubted = Tally(), Doubted()
    seen = 0
    for batch in _batches(outcomes(settings.mongo, task_id)):
        _tally(tally, doubted, batch)
        spans.check(settings, request.product_id, batch)
        seen += len(batch)
        if on_progress is not None:
            on_progress(seen)
    return [
        terminal,
        _check_outcomes(settings, request, seen),
        _check_numbers(settings, task_id, tally, doubted),
        spans.finding(),
    ]


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _tally(tally: Tally, doubted: Doubted, batch: list[dict[str, Any]]) -> None:
    for row in batch:
        if row["kind"] == "card":
            card = card_from(row)
            tally.add(card)
            doubted.add(card)
        else:
            tally.add_failure(FailureReason(row["failure"]["reason"]))


def _check_outcomes(settings: Settings, request: RequestRow, seen: int) -> Finding:
    """Count reviews in scope against outcomes: equal numbers and none missing is one each."""
    scope = 0
    missing: list[str] = []
    for review_ids in scope_ids(settings.mongo, request.task_id):
        scope += len(review_ids)
        there = outcome_ids(settings.mongo, request.task_id, review_ids)
        missing.extend(each for each in review_ids if each not in there)
    crawl = crawl_state(settings.mongo, request.task_id)
    crawled = crawl.collected if crawl else 0
    read = crawl is not None and crawl.state == "done"
    # Later analyses of the product take its reviews into their own scope.
    still_ours = count_in_scope(settings.mongo, request.task_id)
    ok = read and not missing and scope == seen == crawled and still_ours <= scope
    detail = f"{crawled:,} reviews crawled, {scope:,} in chunks, {seen:,} cards or failure records"
    if not read:
        detail += f"; the crawl is {crawl.state if crawl else 'missing'}"
    return Finding(
        2, "Each review has one card or one failure record", ok, detail, missing[:SAMPLES]
    )


def _check_numbers(settings: Settings, task_id: str, tally: Tally, doubted: Doubted) -> Finding:
    result = get_result(settings.postgres, task_id)
    fresh = build_numbers(tally, doubted)
    stored, schema = result["numbers"], result["schema_version"]
    found = differing(stored, fresh, schema)
    kept = doubted_of(settings, task_id)
    # Analyses of releases before were not weighed.
    rebuilt = Doubted.from_state(doubted.to_state())
    if kept is not None and kept.to_state() != rebuilt.to_state():
        found.append("what the weighing kept")
    detail = f"{len(stored)} groups of numbers recomputed from {tally.cards:,} cards"
    if schema < RESULT_SCHEMA:
        detail += f"; quotes not compared: schema {schema} chose them by another rule"
    return Finding(3, "The result equals what its cards give", not found, detail, found[:SAMPLES])


class _Spans:
    """Counts evidence spans, and those that do not stand in their review."""

    def __init__(self) -> None:
        self._checked = 0
        self._masked = 0
        self._broken: list[str] = []

    def check(self, settings: Settings, product_id: str, batch: list[dict[str, Any]]) -> None:
        cards = [row for row in batch if row["kind"] == "card"]
        ids = [row["review_id"] for row in cards]
        texts = texts_by_hash(settings.mongo, product_id, ids)
        gone = [row for row in cards if (row["review_id"], row["content_hash"]) not in texts]
        masked = self._masked_since(settings, product_id, gone)
        for row in cards:
            if row["_id"] in masked:
                continue
            text = texts.get((row["review_id"], row["content_hash"]))
            for span in [row["headline"], *(item["evidence"] for item in row["aspects"])]:
                self._checked += 1
                if text is None or not _stands(text, Evidence(**span)):
                    self._broken.append(row["_id"])

    def _masked_since(
        self, settings: Settings, product_id: str, cards: list[dict[str, Any]]
    ) -> set[str]:
        """Return the cards that quote what a release without masking had stored.

        Their texts were masked when the reviews were taken again: nothing is kept of what they
        were, and so nothing says whether the quotes stood there.
        """
        if not cards:
            return set()
        moments = masked_later(settings.mongo, product_id, [row["review_id"] for row in cards])
        # A card made since has the masked text, or is broken.
        before = [row for row in cards if row["review_id"] in moments]
        found = {r["_id"] for r in before if r["created_at"] < moments[r["review_id"]]}
        self._masked += len(found)
        return found

    def finding(self) -> Finding:
        detail = f"{self._checked:,} spans checked, {len(self._broken):,} broken"
        if self._masked:
            detail += (
                f"; cards not looked at, for their reviews were masked since: {self._masked:,}"
            )
        samples = self._broken[:SAMPLES]
        return Finding(4, "Evidence stands verbatim at its offsets", not samples, detail, samples)


def _stands(text: str, evidence: Evidence) -> bool:
    return text[evidence.start : evidence.end] == evidence.text
