"""Whether all was read: refusals, early stops, and what the source itself declares."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from domain.coverage import Coverage


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
