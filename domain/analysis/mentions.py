"""Which aspects a review speaks of, and what it says of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from domain.analysis.lexicon import Rank
from domain.analysis.negation import Mark
from domain.analysis.quoting import LONGEST, quote
from domain.analysis.scoring import SOFTNESS, Parsed, Score
from domain.aspects import Aspect
from domain.cards import AspectMention, Evidence

#: A review that names one aspect more often says nothing new by it.
MOST_EACH = 3
#: A noun and what is said of it stand within so many code points of each other.
_REACH = 18

#: What joins two nouns that share what is said of them: 디자인이나 색상이 별로.
_JOINED = re.compile(r"(?:도|과|와|랑|이랑|및|나|이나|이며|하고|[\s,./&·])*\Z")
#: A noun that turns into a verb names no topic: 고정하는 나사.
_DOES = re.compile("(?:하는|되는|할) ")
#: From one predicate of a chain to the next: 귀엽고 아주 예뻐요.
_CHAIN_REACH = 6
#: From the stem of a describing word to the noun it describes: 꼼꼼하게 포장.
_DESCRIBING_REACH = 4
#: The place of ㄴ among final consonants.
_FINAL_N = 4


class Said(NamedTuple):
    """An aspect, what is felt of it, and the offset of the word that names it."""

    aspect: Aspect
    value: float
    start: int


def find_mentions(review: Parsed, scores: Sequence[Score]) -> tuple[AspectMention, ...]:
    """Return the mentions in text order: one a clause and aspect, two where it is torn.

    A mention feels what is said of its aspect; its numbers are the clause's where both agree.
    """
    mentions: list[AspectMention] = []
    counted: dict[Aspect, int] = {}
    for (span, marks), score in zip(review.clauses, scores, strict=True):
        said = said_of(review.text, marks) if review.language == "ko" else _named(marks, score)
        if not said:
            continue
        if len(said) > 1:
            said.sort(key=_place)
        seen: set[tuple[Aspect, bool]] = set()
        evidence: Evidence | None = None
        for aspect, value, start in said:
            known = aspect, value > 0
            if known in seen or counted.get(aspect, 0) == MOST_EACH:
                continue
            seen.add(known)
            counted[aspect] = counted.get(aspect, 0) + 1
            if evidence is None or span[1] - span[0] > LONGEST:
                evidence = quote(review.text, span, start)
            mentions.append(AspectMention(aspect, *_numbers(value, score), evidence))
    return tuple(mentions)


def _named(marks: Sequence[Mark], score: Score) -> list[Said]:
    """Return the aspects an English clause names, each with what the clause feels."""
    found = ((mark.term.aspect, mark.start) for mark in marks)
    return [Said(aspect, score.polarity, start) for aspect, start in found if aspect is not None]


def _place(said: Said) -> int:
    return said.start


def _numbers(value: float, score: Score) -> tuple[float, float]:
    """Return polarity and intensity of a mention of this value in a clause of this score."""
    if value * score.polarity > 0.0 or value == score.polarity:
        return score.polarity, score.intensity
    own = round(value / sqrt(value * value + SOFTNESS), 4)
    return own, abs(own)


def said_of(text: str, marks: Sequence[Mark]) -> list[Said]:
    """Return what a clause says of its aspects: nouns wait for a word that speaks of them."""
    said: list[Said] = []
    waiting: list[Mark] = []
    spoke: Mark | None = None
    lent: Mark | None = None
    for mark in marks:
        term = mark.term
        if not term.emotions:
            if term.aspect is None:
                continue
            if spoke is not None and _describes(text, spoke, mark):
                _speak_of(said, spoke, mark)
            elif not (_is_part_of(text, waiting, mark) or _DOES.match(text, mark.end)):
                waiting = [*_still_waiting(text, waiting, mark), mark]
            spoke = None
        elif mark.value and term.governs and not term.echo:
            before = lent or spoke
            if before is not None and not waiting and _carries_on(text, before, mark):
                continue
            if spoke is not None and _leads_to(text, spoke, mark):
                said[:] = [one for one in said if one.start != spoke.start]
            lent = None if _speak(said, waiting, mark) else mark
            waiting, spoke = [], mark
    return said


def _speak(said: list[Said], waiting: Sequence[Mark], mark: Mark) -> bool:
    """Say what a predicate does of the nouns, and of its own aspect; return whether of that."""
    term, own = mark.term, True
    if waiting and mark.start - waiting[-1].end <= _REACH:
        for noun in waiting:
            aspect, rank = noun.term.aspect, noun.term.rank
            if aspect is not None and (rank > term.rank or aspect is term.aspect):
                said.append(Said(aspect, mark.value, noun.start))
                own = own and rank == Rank.BESIDE
    if own and term.aspect is not None:
        said.append(Said(term.aspect, mark.value, mark.start))
        if term.also is not None:
            said.append(Said(term.also, mark.value, mark.start))
    return own


def _speak_of(said: list[Said], spoke: Mark, noun: Mark) -> None:
    """Let the word right before a noun speak of it: 깔끔한 포장 is packaging and no design."""
    term = noun.term
    if term.aspect is None or term.rank <= max(spoke.term.rank, Rank.PART):
        return
    if spoke.term.aspect is not None:
        said[:] = [one for one in said if one.start != spoke.start]
    said.append(Said(term.aspect, spoke.value, noun.start))


def _describes(text: str, spoke: Mark, noun: Mark) -> bool:
    """Return whether a predicate stands right before a noun, in a form that describes it."""
    if noun.start - spoke.end > _DESCRIBING_REACH:
        return False
    word = text[spoke.start : noun.start].rstrip()
    return " " not in text[spoke.end : noun.start].strip() and _is_describing(word[-1])


def _is_describing(last: str) -> bool:
    """Return whether a syllable ends an adverb (게, 히) or a word before a noun (빠른, 좋은)."""
    return last in "게히" or ("가" <= last <= "힣" and (ord(last) - ord("가")) % 28 == _FINAL_N)


def _carries_on(text: str, before: Mark, mark: Mark) -> bool:
    """Return whether a word only goes on about what was said just before it.

    포장도 귀엽고 예뻐요 is packaging twice; 배송 중에 깨졌어요 has told of the damage already.
    """
    if mark.start - before.end > _CHAIN_REACH:
        return False
    if before.term.also is not None:
        return mark.term.rank == Rank.YIELDING
    return before.term.aspect is mark.term.aspect and "고" in text[before.end - 1 : mark.start]


def _leads_to(text: str, spoke: Mark, mark: Mark) -> bool:
    """Return whether a predicate only tells how the next came: 누렇게 뜬 얼룩 is one stain."""
    if spoke.term.rank > Rank.YIELDING or spoke.value * mark.value <= 0:
        return False
    if mark.term.aspect is None or mark.start - spoke.end > _CHAIN_REACH:
        return False
    first, *others = text[spoke.start : mark.start].split()
    return first[-1] == "게" and all(map(_is_describing, (word[-1] for word in others)))


def _is_part_of(text: str, waiting: Sequence[Mark], noun: Mark) -> bool:
    """Return whether a noun only carries on the one before it: 배송 상태, 박스 상태."""
    if noun.term.rank > Rank.PART or not waiting:
        return False
    return not text[waiting[-1].end : noun.start].strip()


def _still_waiting(text: str, waiting: Sequence[Mark], noun: Mark) -> list[Mark]:
    """Return the nouns before this one that share what will be said of it."""
    if not waiting:
        return []
    gap = text[waiting[-1].end : noun.start]
    if noun.term.rank == Rank.BESIDE or (gap.strip() and _JOINED.match(gap)):
        return list(waiting)
    least = Rank.NOUN if _JOINED.match(gap) else Rank.BESIDE
    return [before for before in waiting if before.term.rank >= least]
