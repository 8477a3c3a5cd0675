"""Korean stems from morphemes: whole nouns, dictionary forms, and denials kept with their word.

배송비가 비싸요 → 배송비, 비싸다; 깔끔하지 않아요 → 안 깔끔하다; 추천 안 해요 → 추천 안 하다;
냄새가 없어요 → 냄새 없다. A noun that is denied is no stem by itself: who smells nothing does
not speak of a smell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.keywords.stems import Morpheme, Stem
from domain.keywords.words import korean_words

_NOUNS = frozenset({"NNG", "NNP", "SL"})
_IN_NOUNS = _NOUNS | {"XPN", "XSN"}
_VERBS = frozenset({"VV", "VA"})
#: What makes a verb or an adjective of the noun or root before it: 추천+하, 고급+스럽.
_SUFFIXES = frozenset({"XSV", "XSA"})
_ROOTS = frozenset({"XR", "MAG"})
_PARTICLES = "J"
_NOT, _CANNOT = _DENIALS = "안", "못"
_DENYING = ("않", "못하")
_ABSENT = "없다"
#: Latin letters up to so many are an abbreviation: AS, USB.
_ABBREVIATION = 3
_SHORTEST_LATIN = 2


def korean_stems(morphemes: Sequence[Morpheme]) -> list[Stem]:
    """Return the stems of one text, in order of their place.

    A compound (고객센터) comes with its parts: their counts tell which is the better keyword.
    """
    return _Walk(morphemes).stems()


class _Subject(NamedTuple):
    """The noun last met, which a denial may join."""

    name: str
    start: int
    #: How many stems there were before it.
    before: int


class _Verb(NamedTuple):
    """A verb or an adjective, before its denial is known."""

    name: str
    start: int
    end: int
    #: Where the verb was made of a noun that a denial parts it from: 추천 안 하다.
    noun: str = ""
    rest: str = ""
    adjective: bool = False


class _Walk:
    """One walk through the morphemes of a text."""

    def __init__(self, morphemes: Sequence[Morpheme]) -> None:
        self._all = morphemes
        self._found: list[Stem] = []
        self._subject: _Subject | None = None
        self._denied = ""
        self._words = korean_words()

    def stems(self) -> list[Stem]:
        place = 0
        while place < len(self._all):
            place = self._step(place)
        return self._found

    def _step(self, place: int) -> int:
        """Take what begins at a place; return the place behind it."""
        each = self._all[place]
        if each.tag in _IN_NOUNS:
            return self._noun(place)
        if each.tag in _VERBS:
            return self._verb(place + 1, self._plain(each))
        if self._denied and each.tag in _SUFFIXES:
            # 안됨: Kiwi may take what follows the denial for a suffix of it.
            return self._verb(place + 1, _Verb(each.form + "다", each.start, each.end))
        if each.tag in _ROOTS and each.form not in _DENIALS and self._suffix(place + 1):
            return self._verb(place + 2, self._made(each.form, each, self._all[place + 1]))
        if each.tag == "MAG":
            self._adverb(each)
        elif not each.tag.startswith(_PARTICLES):
            self._subject, self._denied = None, ""
        return place + 1

    def _plain(self, each: Morpheme) -> _Verb:
        """Return a verb or an adjective; 안되다, written as one word, is 되다 denied."""
        name = each.lemma
        if name[0] == _NOT and name[1:] in self._words.light:
            self._denied, name = _NOT, name[1:]
        return _Verb(name, each.start, each.end, adjective=each.tag == "VA")

    def _suffix(self, place: int) -> bool:
        """Whether a suffix that makes a verb stands here, without a space before it."""
        if place >= len(self._all):
            return False
        each = self._all[place]
        return each.tag in _SUFFIXES and self._all[place - 1].end >= each.start

    def _adverb(self, each: Morpheme) -> None:
        if each.form in _DENIALS:
            self._denied = each.form
        elif each.form == "없이":
            self._absent(each.end)
        elif each.form in self._words.adverbs:
            self._found.append(Stem(self._words.adverbs[each.form], each.start, each.end))

    def _noun(self, place: int) -> int:
        first = self._all[place]
        pieces = [first]
        place += 1
        while place < len(self._all) and self._all[place].tag in _IN_NOUNS:
            if self._all[place].start != pieces[-1].end:
                break
            pieces.append(self._all[place])
            place += 1
        if self._suffix(place):
            name = "".join(map(_spelt, pieces))
            return self._verb(place + 1, self._made(name, first, self._all[place]))
        self._denied = ""
        parts = _parts(pieces)
        # 가성비짱, 배송굿: the verdict is not part of what it is passed on.
        judged = [part for part in parts if part.name not in self._words.verdicts]
        self._nouns(judged or parts)
        return place

    def _nouns(self, parts: list[Stem]) -> None:
        """Take a noun, or a compound with its parts."""
        name, start, end = "".join(part.name for part in parts), parts[0].start, parts[-1].end
        self._subject = _Subject(name, start, len(self._found))
        if len(parts) > 1:
            self._found.append(Stem(name, start, end))
        self._found += [part for part in parts if self._says_something(part.name)]

    def _says_something(self, noun: str) -> bool:
        if noun in self._words.common_nouns or noun.endswith(("니다", "네요", "어요", "나요")):
            return False
        if noun.isascii():
            return len(noun) >= _SHORTEST_LATIN
        return len(noun) > 1 or noun in self._words.short_nouns

    def _made(self, base: str, first: Morpheme, suffix: Morpheme) -> _Verb:
        """Return the verb that a suffix makes of a noun or a root."""
        rest = suffix.form + "다"
        noun = base if suffix.tag == "XSV" and rest in self._words.light else ""
        adjective = suffix.tag == "XSA"
        return _Verb(base + rest, first.start, suffix.end, noun, rest, adjective)

    def _verb(self, place: int, verb: _Verb) -> int:
        """Take a verb with what denies it, before or behind; return the place behind both."""
        behind = self._denial(place)
        if behind:
            place = behind
            denied = self._denied or _NOT
        else:
            denied = self._denied
        self._take(verb, denied)
        self._subject, self._denied = None, ""
        return place

    def _denial(self, place: int) -> int:
        """Return the place behind a denial (-지 않다, -지는 못 하다); 0 where there is none."""
        if place >= len(self._all) or (self._all[place].form, self._all[place].tag) != ("지", "EC"):
            return 0
        place += 1
        while place < len(self._all) and self._all[place].tag.startswith(_PARTICLES):
            place += 1
        following = [each.form for each in self._all[place : place + 2]]
        if following[:1] and following[0] in _DENYING:
            return place + 1
        if following in ([_CANNOT, "하"], [_NOT, "하"]):
            return place + 2
        return 0

    def _take(self, verb: _Verb, denied: str) -> None:
        if verb.name.endswith(_ABSENT):
            self._take_absent(verb)
        elif verb.name in self._words.light:
            if denied and self._subject is not None:
                self._join(f"{denied} {verb.name}", verb.end)
        elif denied and verb.noun:
            self._add(f"{verb.noun} {denied} {verb.rest}", verb)
        elif denied:
            self._add(f"{_NOT if verb.adjective else denied} {verb.name}", verb)
        elif not (verb.name in self._words.common_verbs or verb.noun in self._words.common_nouns):
            self._add(verb.name, verb)

    def _take_absent(self, verb: _Verb) -> None:
        """Take 없다; 맛없다 in one word is 맛 없다, too."""
        noun = verb.name.removesuffix(_ABSENT)
        if noun:
            self._add(f"{noun} {_ABSENT}", verb)
        else:
            self._absent(verb.end)

    def _absent(self, end: int) -> None:
        if self._subject is not None:
            self._join(_ABSENT, end)

    def _join(self, word: str, end: int) -> None:
        """Put one stem, the noun with what is said of it, in the noun's place."""
        subject = self._subject
        if subject is not None:
            del self._found[subject.before :]
            self._found.append(Stem(f"{subject.name} {word}", subject.start, end))
            self._subject = None

    def _add(self, name: str, verb: _Verb) -> None:
        self._found.append(Stem(name, verb.start, verb.end))


def _spelt(piece: Morpheme) -> str:
    if piece.tag != "SL":
        return piece.form
    return piece.form.upper() if len(piece.form) <= _ABBREVIATION else piece.form.lower()


def _parts(pieces: Sequence[Morpheme]) -> list[Stem]:
    """Return the nouns of a compound; prefixes and suffixes belong to theirs: 재+구매, 가격+대."""
    parts: list[Stem] = []
    prefix: Morpheme | None = None
    for piece in pieces:
        name = _spelt(piece)
        if piece.tag == "XPN":
            prefix = piece
        elif piece.tag == "XSN" and parts:
            parts[-1] = Stem(parts[-1].name + name, parts[-1].start, piece.end)
        elif prefix is not None:
            parts.append(Stem(prefix.form + name, prefix.start, piece.end))
            prefix = None
        else:
            parts.append(Stem(name, piece.start, piece.end))
    return parts or [Stem(_spelt(pieces[0]), pieces[0].start, pieces[-1].end)]
