"""What is kept of doubted cards has its bound, and stays the same whatever the order."""

from __future__ import annotations

import random
from collections import Counter

from domain.doubted import MOST_GROUPS, Doubted
from domain.signals import SignalKind


def many() -> Doubted:
    groups = {f"copy|r{n:06d}": 1 + n % 7 for n in range(MOST_GROUPS * 3)}
    return Doubted(groups=Counter({**groups, "burst|2026-03-04": 12}))


def test_only_the_largest_groups_of_a_kind_are_kept() -> None:
    kept = Doubted.from_state(many().to_state())
    assert len(kept.groups) == MOST_GROUPS + 1
    assert kept.groups["burst|2026-03-04"] == 12
    assert kept.largest(SignalKind.COPY) == many().largest(SignalKind.COPY)
    assert min(count for count in kept.groups.values()) == 5
    # What was kept is kept again.
    assert kept.to_state() == many().to_state()


def test_the_order_in_which_groups_came_changes_nothing() -> None:
    items = list(many().groups.items())
    random.Random(4).shuffle(items)
    assert Doubted(groups=Counter(dict(items))).to_state() == many().to_state()
