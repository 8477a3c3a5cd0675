"""What becomes of a feeling word among its neighbours: turned, strengthened, softened.

Korean negates before the word (안 좋다, 못 쓰다) or after it (좋지 않다, 재미가 없다, 추천은 못),
English before it (not good, no problem). A turned word says less than its opposite: "not bad" is
no "good".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from domain.analysis.lexicon import Term
from domain.analysis.matching import Hit

#: What remains of a good word and of a bad one when turned.
TURNED_GOOD, TURNED_BAD = -0.8, -0.6
#: A strengthener reaches this many code points on.
_STRENGTH_REACH = 8
#: An English negator reaches this many code points on, with no comma between.
_ENGLISH_REACH = 26
_STRONGEST = 1.8


class Mark(NamedTuple):
    """A term in its place. `value` is its feeling after all that was done to it, −1.8..1.8."""

    start: int
    end: int
    term: Term
    value: float
    turned: bool


_ANY_KOREAN_NEGATOR = re.compile("[않없안못]|아니|지 ?[마말]|수 ?없|어렵|힘들|줄 ?모|지 ?모")
#: Nouns and adverbs that end like the negator: 동안 좋았다 is no 안 좋다.
_BEFORE = re.compile(r"(?:(?<![동불편제집방미보대위법초해평])안|(?<![잘연대])못) ?\Z")
_FEW = "(?:하나도|전혀|1도|별로|거의|그닥|딱히|아예|절대)"
_AFTER = re.compile(
    rf"""
    [가-힣]{{0,4}}?(?:지|질|진|치)(?:는|도|가|를|조차)?\ ?{_FEW}?\ ?
        (?:않|안[아으았을음]|안\ |못|마[세라시셔]|말[고길아라])
    | (?:이|가|은|는|도|을|를|하게|함|함이|함은|함도|점이|점은
        |할?\ ?일이?|할?\ ?틈[이도을은]?|할?\ ?새[가도]?|라고는|라곤|의\ ?여지가)?\ ?{_FEW}?\ ?
        (?:없|안\ ?[나느들되돼됨됩했할함가붙생보일끼묻와오]|못\ ?[느하해했찾받주할])
    | (?:도|과|와|나|이나|랑)\ ?[가-힣]{{1,4}}(?:도|이|가|은|는)?\ ?없
    | (?:은|는|한|이|가|도|인|건|던)?\ ?(?:것은|것도|것이|게|건|편은|편이|거는|거|정도는)?\ ?
        아[니닌님]
    | (?:은|는|한|던)?\ ?(?:게|것이|거|점이|점은|데가|구석이|곳이|부분이)\ ?{_FEW}?\ ?없
    | (?<=잘)\ ?(?:안(?!내|착|전|정)|못)
    | [가-힣]{{0,3}}\ ?수(?:가|는|도)?\ ?없
    | [가-힣]{{0,2}}기(?:가|엔|에는|는)?\ ?(?:어렵|어려|힘들|애매|그렇)
    | [가-힣]{{0,2}}고\ ?싶(?:지(?:는|도)?\ ?않|은\ ?마음이?\ ?없)
    | (?:은|는|한|인)\ ?(?:줄도?|지도?)\ ?(?:전혀\ )?모르
    """,
    re.VERBOSE,
)

#: What the writer hoped for (좋을 줄 알았는데, 좋았을 텐데) did not come; what others say (재밌다고
#: 해서) counts for little.
_NOT_OWN = re.compile(
    "[가-힣]{0,3}? ?(?:(줄 ?알|텐데|뻔 ?했|려다|려고 ?했)"
    "|(?:다고|다는|다길래|다더니|다기에|라고|라길래|라더니|라기에))"
)
_HEARSAY_SHARE = 0.4


def weigh_korean(text: str, hits: list[Hit]) -> list[Mark]:
    """Return the marks of a Korean text; hits that were only part of a negation are gone."""
    negators = _ANY_KOREAN_NEGATOR.search(text) is not None
    marks: list[Mark] = []
    strength, consumed = _Strength(), 0
    for start, end, term in hits:
        if start < consumed or not term.name:
            continue
        if term.factor != 1.0:
            strength.hear(start, end, term.factor)
            continue
        value, turned = term.polarity, False
        if value and not term.echo:
            value = strength.lend(start, value)
            if negators and term.keyword and not term.leaning:
                turned, consumed = _negated(text, start, end)
            if not turned:
                value, turned = _own(text, end, value)
        if turned:
            value = _turn(value)
            _drop_leaning(marks, start)
        marks.append(Mark(start, end, term, value, turned))
    return marks


def weigh_english(text: str, hits: list[Hit]) -> list[Mark]:
    """Return the marks of an English text; a negator that turned a word is gone."""
    marks: list[Mark] = []
    strength = _Strength()
    negator_end, negator_place = -_ENGLISH_REACH - 1, -1
    for start, end, term in hits:
        if not term.name:
            continue
        if term.factor != 1.0:
            strength.hear(start, end, term.factor)
            continue
        value, turned = term.polarity, False
        if term.turns:
            negator_end, negator_place = end, len(marks)
        elif value and not term.echo:
            value = strength.lend(start, value)
            turned = _reaches(text, negator_end, start)
            if turned:
                value = _turn(value)
                if negator_place >= 0:
                    del marks[negator_place]
            negator_place = -1
        marks.append(Mark(start, end, term, value, turned))
    return marks


class _Strength:
    """The strengthener or softener last heard: it lends itself to one word close by."""

    __slots__ = ("_factor", "_reach")

    def __init__(self) -> None:
        self._factor, self._reach = 1.0, 0

    def hear(self, start: int, end: int, factor: float) -> None:
        """Take note of one; on top of another both count ("정말 너무")."""
        if start < self._reach:
            factor = min(_STRONGEST, factor * self._factor)
        self._factor, self._reach = factor, end + _STRENGTH_REACH

    def lend(self, start: int, value: float) -> float:
        """Return the value of a word that starts here, strengthened if one is in reach."""
        if start >= self._reach:
            return value
        self._reach = 0
        return value * self._factor


def _negated(text: str, start: int, end: int) -> tuple[bool, int]:
    """Return whether a Korean word is negated, and the end of what negates it behind it."""
    after = _AFTER.match(text, end)
    if after is not None:
        return True, after.end()
    return _BEFORE.search(text, max(0, start - 4), start) is not None, 0


def _own(text: str, end: int, value: float) -> tuple[float, bool]:
    """Return what a Korean word is worth as the writer's own, and whether it is turned."""
    other = _NOT_OWN.match(text, end)
    if other is None:
        return value, False
    return (value, True) if other[1] else (value * _HEARSAY_SHARE, False)


def _reaches(text: str, negator_end: int, start: int) -> bool:
    if start - negator_end > _ENGLISH_REACH:
        return False
    return not any(sign in ",.;!?" for sign in text[negator_end:start])


def _turn(value: float) -> float:
    return value * (TURNED_GOOD if value > 0 else TURNED_BAD)


def _drop_leaning(marks: list[Mark], start: int) -> None:
    """Take back 별로 before a word that is turned: 별로 안 비싸요 complains of nothing."""
    if marks and marks[-1].term.leaning and start - marks[-1].end <= _STRENGTH_REACH:
        marks.pop()
