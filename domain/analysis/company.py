"""Words that take their polarity from their company: 잘 붙어요, 안 열려요, 작아서 귀여워요.

A verb of what an article does says something only with 잘, 안 or 못; a measure is good or bad by
the verdict it leads to, and has one of its own only alone or with 너무.
"""

from __future__ import annotations

import re

from domain.analysis.lexicon import Rank, Role, Term
from domain.analysis.matching import TURNED_BAD, TURNED_GOOD, Mark
from domain.aspects import Aspect
from domain.emotions import EMOTIONS, Emotion

#: What shows that something works as it should: 잘 붙어요, 제대로 나와요.
_WELL = re.compile(r"(?:잘|제대로|바로|착|꽉|착착) ?\Z")
#: 잘 안 before any verb of what the article does; these are what people do with it.
_NOT_DONE = re.compile(
    r" ?+[안못] ?+(?!쓰|써|쓸|씁|먹|사|산|살|하|해|했|입|보내|신|놀|오|와|왔|찾|읽|가지)"
)
WELL_WORD = "잘"
NOT_WORKING = Term(
    "안 되다",
    -0.5,
    (EMOTIONS.index(Emotion.DISAPPOINTMENT),),
    Aspect.PERFORMANCE,
    keyword=True,
    rank=Rank.YIELDING,
)
#: More of a measure than is wanted: 너무 작아요, 생각보다 커요, 좀 길어요.
_TOO = re.compile(r"(?:너무|넘|좀|쫌|조금|살짝|약간|보다|많이|다소|너무나) ?(?:더 |많이 |좀 )?\Z")
_TOO_MUCH = re.compile(r"(?:너무|넘|너무나) ?\Z")
#: A measure takes its verdict from what follows (작아서 귀여워요), unless the writer turns in
#: between, or goes on to another matter.
_TURNS_AWAY = re.compile(r"데|지만|으나|[.!?~\n]|[가-힣][은는]\ ")
_VERDICT_REACH = 16
#: From a noun to what there is much of: 기스가 많아요.
_NOUN_REACH = 5


def not_working(text: str, end: int) -> bool:
    """Return whether 잘, which ends at `end`, is denied to something the article does."""
    return _NOT_DONE.match(text, end) is not None


def beside(term: Term, text: str, start: int, negated: bool) -> tuple[float, bool]:
    """Return what a word is worth that says nothing alone, and whether that is bad."""
    before = text[max(0, start - 8) : start]
    value = term.polarity
    if term.role is Role.FUNCTION:
        if negated:
            value = -value
        elif _WELL.search(before) is None:
            value = 0.0
    elif negated:
        value = TURNED_GOOD * value if value > 0 else TURNED_BAD * value
    elif value > 0 and (_TOO if term.aspect else _TOO_MUCH).search(before):
        value = -value
    return value, value < 0


def is_said(text: str, marks: list[Mark], start: int) -> bool:
    """Return whether the term before ends in the negator of this word: 연락이 안 + 돼요."""
    if not marks or start - marks[-1].end > 1:
        return False
    return text[marks[-1].end - 1] in "안못않"


def settled(text: str, marks: list[Mark]) -> list[Mark]:
    """Give each measure the verdict it gets from the words beside it."""
    return [
        _judged(text, marks, place) if mark.term.role is Role.SCALE else mark
        for place, mark in enumerate(marks)
    ]


def _judged(text: str, marks: list[Mark], place: int) -> Mark:
    mark = marks[place]
    if mark.term.aspect is None and place:
        before = marks[place - 1]
        if _is_blame(before) and mark.start - before.end <= _NOUN_REACH:
            # 기스가 많아요: much of a bad thing.
            return mark._replace(value=-abs(mark.value), turned=True)
    for after in marks[place + 1 :]:
        if after.start - mark.end > _VERDICT_REACH:
            break
        if not after.value or after.term.echo or _is_measure(after):
            continue
        if _TURNS_AWAY.search(text, mark.end - 1, after.start) is None:
            value = abs(mark.value) if after.value > 0 else -abs(mark.value)
            return mark._replace(value=value, turned=value < 0)
        return mark
    return _after_blame(marks, place)


def _is_measure(mark: Mark) -> bool:
    return mark.term.role is Role.SCALE and mark.term.aspect is not None


def _is_blame(mark: Mark) -> bool:
    return mark.value < 0 and not mark.term.echo and mark.term.role is not Role.SCALE


def _after_blame(marks: list[Mark], place: int) -> Mark:
    """Return a measure that ends a list of complaints as one more of them: 무겁고 아기한테 커요."""
    mark = marks[place]
    blamed = any(
        _is_blame(before) and mark.start - before.end <= _VERDICT_REACH for before in marks[:place]
    )
    return mark._replace(value=-abs(mark.value), turned=True) if blamed else mark
