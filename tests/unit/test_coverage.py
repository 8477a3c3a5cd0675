"""Whether all was read: refusals, early stops, and what the source itself declares."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from domain.coverage import Coverage
from domain.reviews import SourceBatch


@pytest.mark.parametrize(
    ("declared", "counts", "unread"),
    [
        (None, {"collected": 10}, 0),
        (5000, {"collected": 10}, 4990),
        # A shop counts what it hides: small differences are no gap.
        (20, {"collected": 10}, 0),
        (21, {"collected": 10}, 11),
        (1000, {"collected": 900}, 0),
        (1000, {"collected": 899}, 101),
        # Records that were read are there, whatever became of them.
        (1000, {"collected": 500, "duplicates": 200, "quarantined": Counter(x=200)}, 0),
        (10, {"collected": 20}, 0),
        # What is explained already is not told twice.
        (5000, {"collected": 10, "stopped_by": "max_reviews"}, 0),
        (5000, {"collected": 10, "refused": Counter(access_denied=1)}, 0),
    ],
)
def test_what_is_missing_of_the_declared(
    declared: int | None, counts: dict[str, Any], unread: int
) -> None:
    coverage = Coverage(declared=declared, **counts)
    explained = "stopped_by" in counts or "refused" in counts
    assert coverage.unread == unread
    assert coverage.whole is (not unread and not explained)
    state = coverage.to_state()
    assert (state["unread"], state["whole"]) == (unread, coverage.whole)
    assert Coverage.from_state(state) == coverage


def test_a_re_analysis_begins_with_what_the_reading_came_to() -> None:
    read = Coverage(declared=100, pages=7, collected=60, duplicates=3, edited=2, repaired=1)
    read.quarantined["ragged_row"] = 4
    read.refused["access_denied"] = 1
    first = read.of_stored("a")
    assert (first.collected, first.reanalysis_of) == (0, "a")
    assert first is not read
    assert first.quarantined is not read.quarantined
    first.add(SourceBatch((), pages=0), collected=60, duplicates=0, edited=0)
    assert first.to_state() == {**read.to_state(), "reanalysis_of": "a"}
    # Whoever takes them from there names the one that read them, too.
    assert first.of_stored("b").reanalysis_of == "a"


def test_a_coverage_from_before_re_analyses_is_of_a_reading() -> None:
    state = Coverage(collected=5).to_state()
    del state["reanalysis_of"]
    assert Coverage.from_state(state) == Coverage(collected=5)
