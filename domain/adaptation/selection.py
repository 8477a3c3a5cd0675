"""Which rated reviews are learnt from, and which are kept back to judge by.

Everything hangs on hashes of what a text says, without its spaces and signs: the choice is the
same whoever makes it, in whatever order the reviews come. What is held back is chosen without the
numbers, too: texts that differ in spaces, signs and numbers alone are on one side for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from mmap import mmap
from typing import NamedTuple

from domain.analysis.language import identify

#: Stars up to here are displeased, and from here on pleased; three say nothing.
BAD_STARS, GOOD_STARS = 2.0, 4.0
#: Longer reviews are few, and take the memory of many.
LONGEST = 2000
#: Characters a review may have on average: bounds the memory.
CHARACTERS_A_REVIEW = 80
#: Of a hundred texts so many are kept back, and so many of the others choose the settings.
HELD_BACK, TUNING = 20, 15
#: The more common side is at most so many times the other.
MOST_SKEW = 4
#: Fewer texts of a side teach nothing, and fewer kept back decide nothing.
FEWEST_A_SIDE, FEWEST_HELD_BACK = 400, 60

#: Bits that remember which texts were said with stars of one kind: 32 MiB a side.
_BITS = 28

_MARKS = re.compile(r"[\W_]+")
_MARKS_AND_DIGITS = re.compile(r"[\W\d_]+")
_READ = frozenset({"ko", "en"})


class Chosen(NamedTuple):
    """A review that was chosen, by where it is stored."""

    key: int
    stored_id: str
    product_id: str
    positive: bool
    characters: int
    #: Which hundredth of all texts it is in; the same for texts that differ in their numbers only.
    share: int

    @property
    def held_back(self) -> bool:
        """Whether it is for judging only."""
        return self.share < HELD_BACK

    @property
    def tunes(self) -> bool:
        """Whether it chooses settings, of those that are learnt from."""
        return HELD_BACK <= self.share < HELD_BACK + TUNING


def text_key(text: str) -> int:
    """Return a hash of what a text says, without its spaces and signs."""
    return _hash(_MARKS.sub("", text.lower()) or text)


def text_share(text: str) -> int:
    """Return which hundredth of all texts this is in, by what it says without its numbers."""
    return _hash(_MARKS_AND_DIGITS.sub("", text.lower()) or text) % 100


def _hash(bare: str) -> int:
    return int.from_bytes(hashlib.blake2b(bare.encode(), digest_size=8).digest(), "big")


def side(rating: float | None) -> bool | None:
    """Return whether stars say pleased or displeased; None where they say neither."""
    if rating is None or BAD_STARS < rating < GOOD_STARS:
        return None
    return rating >= GOOD_STARS


def usable(text: str) -> bool:
    """Return whether a text is one to learn from: of a language that is read, and not too long."""
    return len(text) <= LONGEST and identify(text) in _READ


@dataclass(slots=True)
class Selection:
    """Takes reviews in, product by product, and holds a bounded choice of them."""

    total: int
    a_product: int
    seen: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    _product: str | None = None
    _of_product: tuple[_Lowest, _Lowest] = field(init=False)
    _of_all: tuple[_Lowest, _Lowest] = field(init=False)
    #: What was said with bad stars, and what with good ones: of every review, kept or not.
    _said: tuple[_Said, _Said] = field(init=False)

    def __post_init__(self) -> None:
        self._of_all = _Lowest(self.total // 2), _Lowest(self.total // 2)
        self._of_product = self._fresh()
        self._said = _Said(), _Said()

    def offer(self, *, stored_id: str, product_id: str, text: str, positive: bool) -> None:
        """Look at a review; those of a product come one after the other."""
        if product_id != self._product:
            self._end_product()
            self._product = product_id
        key, share = text_key(text), text_share(text)
        self._said[positive].add(key)
        chosen = Chosen(key, stored_id, product_id, positive, len(text), share)
        self._of_product[positive].add(chosen)

    def all(self) -> list[Chosen]:
        """Return the choice: those that tune first, those held back last, each by their hash.

        A text that is said with both kinds of stars is left out, whoever said it: also where the
        other side's was over a product's share. The more common side is cut to `MOST_SKEW` times
        the other; then what is over `CHARACTERS_A_REVIEW` on average.
        """
        self._end_product()
        sides = []
        for own, others in zip(self._of_all, reversed(self._said), strict=True):
            clear = sorted(key for key in own.entries if key not in others)
            self.left_out["said_by_both_sides"] += len(own.entries) - len(clear)
            sides.append([own.entries[key] for key in clear])
        most = MOST_SKEW * min(len(each) for each in sides)
        self.left_out["more_common_side"] += sum(max(0, len(each) - most) for each in sides)
        found = sorted(entry for each in sides for entry in each[:most])
        kept = list(_within(found, CHARACTERS_A_REVIEW * self.total))
        self.left_out["too_many_characters"] += len(found) - len(kept)
        return sorted(kept, key=lambda each: (each.held_back, not each.tunes, each.key))

    def _fresh(self) -> tuple[_Lowest, _Lowest]:
        return _Lowest(self.a_product // 2), _Lowest(self.a_product // 2)

    def _end_product(self) -> None:
        for own, every in zip(self._of_product, self._of_all, strict=True):
            self.left_out["said_before"] += own.repeated
            self.left_out["over_a_products_share"] += own.dropped
            before = every.repeated, every.dropped
            for entry in own.entries.values():
                every.add(entry)
            self.left_out["said_before"] += every.repeated - before[0]
            self.left_out["over_the_total"] += every.dropped - before[1]
        self._of_product = self._fresh()


class _Said:
    """Remembers keys by two bits each: forgets none, and rarely takes one for another.

    Bloom, "Space/time trade-offs in hash coding with allowable errors" (1970). Of five million
    texts one in 700 is taken for one of the others, the same ones in whatever order they come.
    """

    def __init__(self) -> None:
        # Pages that are never written to take no memory.
        self._bits = mmap(-1, 1 << (_BITS - 3))

    def add(self, key: int) -> None:
        for place in self._places(key):
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: int) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in self._places(key))

    @staticmethod
    def _places(key: int) -> tuple[int, int]:
        mask = (1 << _BITS) - 1
        return key & mask, key >> (64 - _BITS)


class _Lowest:
    """Keeps the entries with the lowest keys, one a key."""

    def __init__(self, most: int) -> None:
        self.entries: dict[int, Chosen] = {}
        self.repeated = self.dropped = 0
        self._most = most
        self._heap: list[int] = []

    def add(self, entry: Chosen) -> None:
        if entry.key in self.entries:
            self.repeated += 1
            return
        if len(self._heap) < self._most:
            heappush(self._heap, -entry.key)
        elif self._heap and entry.key < -self._heap[0]:
            del self.entries[-heapreplace(self._heap, -entry.key)]
            self.dropped += 1
        else:
            self.dropped += 1
            return
        self.entries[entry.key] = entry


def _within(entries: list[Chosen], characters: int) -> Iterator[Chosen]:
    for entry in entries:
        characters -= entry.characters
        if characters < 0:
            return
        yield entry


def too_few(chosen: list[Chosen]) -> str | None:
    """Return what there is too little of, in words; None where there is enough."""
    held = Counter(each.positive for each in chosen if each.held_back)
    learnt = Counter(each.positive for each in chosen if not each.held_back)
    for positive, name in ((False, "2 stars or less"), (True, "4 stars or more")):
        if learnt[positive] < FEWEST_A_SIDE or held[positive] < FEWEST_HELD_BACK:
            return (
                f"of reviews with {name} there are {learnt[positive]:,} to learn from and "
                f"{held[positive]:,} to judge by; {FEWEST_A_SIDE:,} and {FEWEST_HELD_BACK:,} "
                "are needed"
            )
    return None
