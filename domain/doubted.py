"""The doubted cards of a result, counted beside all cards: what is left is the trusted part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.cards import Card
from domain.signals import SignalKind
from domain.tally import Tally

#: Groups of a kind that are kept.
MOST_GROUPS = 1000


@dataclass(slots=True)
class Doubted:
    """Cards with a signal; like a tally, the sum is the same in any order."""

    tally: Tally = field(default_factory=Tally)
    #: "copy", "burst" …: cards that carry it.
    signals: Counter[str] = field(default_factory=Counter)
    #: "duplicate" and "suspicious".
    flags: Counter[str] = field(default_factory=Counter)
    #: "copy|review id" …: cards of one group.
    groups: Counter[str] = field(default_factory=Counter)

    def add(self, card: Card) -> None:
        """Count a card if it is doubted."""
        if not card.signals:
            return
        # Words are not compared with and without, and nothing bounds how many there are.
        self.tally.add(replace(card, reading=replace(card.reading, keywords=())))
        for kind in {signal.kind for signal in card.signals}:
            self.signals[str(kind)] += 1
        for flag in card.doubts:
            self.flags[str(flag)] += 1
        for signal in card.signals:
            self.groups[f"{signal.kind}|{signal.group}"] += 1

    def to_state(self) -> dict[str, Any]:
        """Return a JSON-able document (lists of pairs: keys may hold dots).

        Of the groups only the largest of each kind are in it: a document has its bound, and a
        product of a million reviews may have as many groups as it has copied ones.
        """
        groups = {f"{k}|{name}": n for k in SignalKind for name, n in self.largest(k, MOST_GROUPS)}
        return {
            "tally": self.tally.to_state(),
            "signals": sorted(self.signals.items()),
            "flags": sorted(self.flags.items()),
            "groups": sorted(groups.items()),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Doubted:
        """Return what `to_state` wrote."""
        return cls(
            tally=Tally.from_state(state["tally"]),
            signals=Counter(dict(state["signals"])),
            flags=Counter(dict(state["flags"])),
            groups=Counter(dict(state["groups"])),
        )

    def largest(self, kind: SignalKind, most: int = 10) -> list[tuple[str, int]]:
        """Return the groups of a kind with the most cards, largest first."""
        prefix = f"{kind}|"
        found = [
            (name.removeprefix(prefix), count)
            for name, count in self.groups.items()
            if name.startswith(prefix)
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:most]
