"""What becomes of a feeling word among its neighbours: turned, strengthened, softened.

Korean negates before the word (안 좋다, 못 쓰다) or after it (좋지 않다, 재미가 없다, 추천은 못),
English before it (not good, no problem). A turned word says less than its opposite: "not bad" is
no "good".
"""

from __future__ import annotations

import re
from dataclasses import replace

from domain.analysis.company import NOT_WORKING, WELL_WORD, beside, is_said, not_working, settled
from domain.analysis.lexicon import Role, Term
from domain.analysis.matching import TURNED_BAD, TURNED_GOOD, Hit, Mark
from domain.analysis.naming import denied_keyword, keyword

__all__ = ["Mark", "weigh_english", "weigh_korean"]

#: A strengthener reaches this many code points on.
_STRENGTH_REACH = 8
#: An English negator reaches this many code points on, with no comma between.
_ENGLISH_REACH = 26
_STRONGEST = 1.8


_ANY_KOREAN_NEGATOR = re.compile(
    "[않없안못덜적]|줄[어었]|아니|지 ?[마말]|모르|수 ?없|어렵|힘들|줄 ?모|지 ?모"
)
#: Nouns and adverbs that end like the negator: 동안 좋았다 is no 안 좋다.
_BEFORE = re.compile(r"(?:(?<![동불편제집방미보대위법초해평])안|(?<![잘연대])못|않|덜) ?\Z")
_FEW = "(?:하나도|전혀|1도|별로|거의|그닥|딱히|아예|절대)"
_AFTER = re.compile(
    rf"""
    [가-힣]{{0,4}}?지도(?=\ [가-힣]{{1,8}}지도\ ?[않안못])
    | [가-힣]{{0,4}}?(?:지|질|진|치)(?:는|도|가|를|조차)?\ ?{_FEW}?\ ?
        (?:않|안[아으았을음네는습]|안\ |못|마[세라시셔]|말[고길아라])
    | (?:이|가|은|는|도|을|를|하게|함|함이|함은|함도|현상이|현상도|점이|점은
        |할?\ ?일이?|할?\ ?틈[이도을은]?|할?\ ?새[가도]?|라고는|라곤|의\ ?여지가)?\ ?{_FEW}?\ ?
        (?:없|안\ ?[나느들되돼됨됩했할함해한합하가붙생보일끼묻와오]|못\ ?[느하해했찾받주할])
    | (?:도|과|와|나|이나|랑)\ ?[가-힣]{{1,4}}(?:도|이|가|은|는)?\ ?없
    | (?:은|는|한|이|가|도|인|건|던)?\ ?(?:것은|것도|것이|게|건|편은|편이|거는|거|정도는)?\ ?
        아[니닌님]
    | [가-힣]{{0,2}}?(?:은|는|한|던|진|난|린|힌)?\ ?
        (?:게|것[이도]?|거|점[이은]|데가?|구석이?|곳[이도]?|부분이?)\ ?{_FEW}?\ ?없
    | (?<=잘)\ ?(?:안(?!내|착|전|정)|못)
    | [가-힣]{{0,3}}\ ?수(?:가|는|도)?\ ?없
    | [가-힣]{{0,2}}기(?:가|엔|에는|는)?\ ?(?:어렵|어려|힘들|애매|그렇)
    | [가-힣]{{0,2}}고\ ?싶(?:지(?:는|도)?\ ?않|은\ ?마음이?\ ?없)
    | (?:은|는|한|인)\ ?(?:줄|지)(?:도|은|는)?\ ?(?:전혀\ |잘\ |아직\ )?모르
    | [가-힣]{{0,2}}다고(?:는|도)?\ ?(?:할|하기|볼)\ ?(?:수가?\ ?없|힘|어려|뭐|좀)
    | [가-힣]{{0,3}}?\ ?보이(?:지|질|진)(?:는|가|도)?\ ?(?:않|안)
    | [가-힣]{{0,2}}?도\ ?않
    """,
    re.VERBOSE,
)

#: What the writer hoped for (좋을 줄 알았는데, 좋았을 텐데) did not come; what others say (재밌다고
#: 해서) counts for little.
_NOT_OWN = re.compile(
    "[가-힣]{0,3}? ?(?:(더라면|으?면 ?(?:좋겠|좋을|하는 ?아쉬)|줄 ?알|텐데|뻔 ?했|려다|려고 ?했)"
    "|(?:다고|다는|다길래|다더니|다기에|대서|대길래|다 ?해서|라고|라길래|라더니|라기에))"
)
_HEARSAY_SHARE = 0.4
#: Without one of these in a text neither a wish nor hearsay is in it.
_ANY_OTHER = re.compile(
    "[다라][고는길더기]|면 ?[좋하]|라면|줄 ?알|텐데|뻔 ?했|려[다고]|대[서길]|다 ?해서"
)
#: Hearsay that made the writer buy says nothing of what came.
_HEARD = re.compile(
    "[가-힣]{0,3}?(?:다는 ?(?:후기|말|리뷰|평)|다고 ?(?:해서|했는데|하더니)"
    "|다길래|다더니|다기에|대서|대길래|다 ?해서)"
)
#: A bad thing there is less of (자극이 덜하다, 번짐이 적다) is as good as turned.
_LESS = re.compile(
    "(?:이|도|은|가|함이|함도|음이)? ?(?:젤|제일|가장|훨씬|확실히|더)? ?"
    "(?:덜|적[어은고네습]|줄[어었])"
)
#: 잘 붙으면 좋겠어요: it does not.
_WISHED = re.compile("[가-힣]{0,2}?(?:으?면 ?(?:좋겠|좋을)|더라면)")
_WELL_REACH = 5


def weigh_korean(text: str, hits: list[Hit]) -> list[Mark]:
    """Return the marks of a Korean text; hits that were only part of a negation are gone."""
    weigher = _Weigher(text)
    for start, end, term in hits:
        if start >= weigher.consumed and term.name:
            weigher.weigh(start, end, term)
    return settled(text, weigher.marks) if weigher.measured else weigher.marks


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
        value, turned, name = term.polarity, False, keyword(term)
        if term.turns:
            negator_end, negator_place = end, len(marks)
        elif value and not term.echo:
            value = strength.lend(start, value)
            turned = _reaches(text, negator_end, start)
            if turned:
                value, name = _turn(value), name and f"not {name}"
                if negator_place >= 0:
                    del marks[negator_place]
            negator_place = -1
        marks.append(Mark(start, end, term, value, turned, name))
    return marks


class _Weigher:
    """Weighs the words of one Korean text, in their order."""

    __slots__ = ("_negators", "_others", "_strength", "_text", "consumed", "marks", "measured")

    def __init__(self, text: str) -> None:
        self._text = text
        self._negators = _ANY_KOREAN_NEGATOR.search(text) is not None
        self._others = _ANY_OTHER.search(text) is not None
        self._strength = _Strength()
        self.marks: list[Mark] = []
        #: Up to here the text belongs to a negation that was counted.
        self.consumed = 0
        #: Whether a measure (작다, 크다) waits for its verdict.
        self.measured = False

    def weigh(self, start: int, end: int, term: Term) -> None:
        """Add the mark of a hit, if it leaves one."""
        if term.factor != 1.0:
            self._strength.hear(start, end, term.factor)
        elif not term.polarity or term.echo:
            self.marks.append(Mark(start, end, term, term.polarity, False, keyword(term)))
        elif term.role is Role.PLAIN:
            self._feel(start, end, term)
        else:
            self._accompany(start, end, term)

    def _feel(self, start: int, end: int, term: Term) -> None:
        """A word with a feeling of its own."""
        turned = self._is_negated(start, end, term)
        name = self._keyword(end, term, denied=turned)
        value = self._strength.lend(start, term.polarity)
        if self._others and not turned:
            heard = value
            value, turned = _own(self._text, end, value)
            if turned:
                name = ""
            if value != heard and term.governs and _HEARD.match(self._text, end):
                term = replace(term, aspect=None, governs=False)
        if term.name != WELL_WORD:
            _drop_well(self.marks, start)
        elif turned and not_working(self._text, end):
            term, value, turned = NOT_WORKING, NOT_WORKING.polarity, False
            name = keyword(term)
        if turned:
            value = _turn(value)
            _drop_leaning(self.marks, start)
        self.marks.append(Mark(start, end, term, value, turned, name))

    def _accompany(self, start: int, end: int, term: Term) -> None:
        """A word that says nothing without its company."""
        negated = self._is_negated(start, end, term)
        name = self._keyword(end, term, denied=negated)
        value, turned = beside(term, self._text, start, negated)
        if not value or is_said(self._text, self.marks, start):
            return
        if self._others and value > 0.0 and _WISHED.match(self._text, end):
            value, turned, name = _turn(value), True, ""
        self.measured = self.measured or term.role is Role.SCALE
        _drop_well(self.marks, start)
        self.marks.append(Mark(start, end, term, self._strength.lend(start, value), turned, name))

    def _keyword(self, end: int, term: Term, *, denied: bool) -> str:
        """Return what a card quotes of a word, right after it was looked at for negation."""
        return denied_keyword(term, self._text, end, self.consumed) if denied else keyword(term)

    def _is_negated(self, start: int, end: int, term: Term) -> bool:
        if not self._negators or not term.keyword or term.leaning:
            return False
        turned, self.consumed = _negated(self._text, start, end, term.polarity)
        if term.name == WELL_WORD:
            # The verb that is denied, 잘 [붙]지 않아요, 잘 [안 먹]어요, says it better.
            self.consumed = 0
        return turned


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


def _negated(text: str, start: int, end: int, value: float) -> tuple[bool, int]:
    """Return whether a Korean word is negated, and the end of what negates it behind it."""
    after = _AFTER.match(text, end)
    if after is None and value < 0:
        after = _LESS.match(text, end)
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


def _drop_well(marks: list[Mark], start: int) -> None:
    """Take back 잘 before a word that says what is done well, or too easily: 잘 부러져요."""
    if marks and start - marks[-1].end <= _WELL_REACH:
        last = marks[-1].term
        if last.name == WELL_WORD or last is NOT_WORKING:
            marks.pop()
