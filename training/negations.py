"""Sentences that say a thing and its opposite, made from word lists of our own.

Real reviews negate mostly to complain, so a model that has only those takes 안 for a complaint.
Here bad things are denied as often as good ones.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

SEED = 1
#: Sentences that deny each word, and that state it.
DENIED, STATED = 8, 4
#: Sentences of each saying; films have taught what leaves a verdict open as a complaint.
SAYINGS = {"bad": 12, "good": 12, "even": 48}
_TAILS = ("", "", "", ".", "!", "~", "~~", "..")
_GLAD, _SORRY = " ㅎㅎ", " ㅠㅠ"
_FINAL_CONSONANTS = 28
#: What leaves a verdict open is taught as good and bad alike.
_IDIOMS = {"bad": (False, False), "good": (True, True), "even": (True, False)}


class Made(NamedTuple):
    """A made-up sentence and what it amounts to."""

    text: str
    positive: bool


def made_sentences() -> list[Made]:
    """Return the same sentences each time."""
    path = resources.files("training") / "negations.toml"
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    dice = random.Random(SEED)  # noqa: S311  sentences, not secrets
    return list(_sentences(words, dice))


def _sentences(words: dict[str, list[str]], dice: random.Random) -> Iterator[Made]:
    for kind, good in (("bad", False), ("good", True)):
        yield from _of_words(kind, good, words, dice)
    for kind, sides in _IDIOMS.items():
        for idiom in words[f"{kind}_idioms"]:
            for number in range(SAYINGS[kind]):
                yield _sentence(idiom, sides[number % 2], words, dice)


def _of_words(
    kind: str, good: bool, words: dict[str, list[str]], dice: random.Random
) -> Iterator[Made]:
    for pair in words[f"{kind}_predicates"]:
        dictionary, polite = pair.rsplit(" ", 1)
        stem = dictionary.removesuffix("다")
        for core in dice.sample(_denials(stem, polite), DENIED):
            yield _sentence(core, not good, words, dice)
        for core in dice.sample(_statements(stem, polite), STATED):
            yield _sentence(core, good, words, dice)
    for noun in words[f"{kind}_nouns"]:
        for core in dice.sample(_absences(noun), DENIED):
            yield _sentence(core, not good, words, dice)
        for core in dice.sample(_presences(noun), STATED):
            yield _sentence(core, good, words, dice)


def _sentence(core: str, positive: bool, words: dict[str, list[str]], dice: random.Random) -> Made:
    if core.endswith(" "):
        core += dice.choice(words["good_endings" if positive else "bad_endings"])
    tail = dice.choice((*_TAILS, _GLAD if positive else _SORRY))
    return Made(dice.choice(words["openings"]) + core + tail, positive)


def _denials(stem: str, polite: str) -> list[str]:
    plain = polite.removesuffix("요")
    return [
        *(f"{stem}지 {end}" for end in ("않아요", "않네요", "않습니다", "않음", "않았어요")),
        *(f"{stem}지{end}" for end in ("않아요", "도 않고 ", "는 않네요", "가 않아요")),
        f"{stem}지 않아서 ",
        *(f"{adverb}{stem}지 않아요" for adverb in ("전혀 ", "별로 ", "그렇게 ")),
        *(f"{adverb}안 {polite}" for adverb in ("", "하나도 ", "별로 ", "전혀 ")),
        f"안{polite}",
        f"안 {stem}네요",
        f"안 {plain}서 ",
    ]


def _statements(stem: str, polite: str) -> list[str]:
    return [
        *(f"{adverb}{polite}" for adverb in ("", "너무 ", "좀 ", "정말 ", "엄청 ")),
        *(f"{adverb}{stem}네요" for adverb in ("", "많이 ")),
        polite.removesuffix("요"),
        f"너무 {stem}고 ",
    ]


def _absences(noun: str) -> list[str]:
    subject, topic = ("이", "은") if _closed(noun) else ("가", "는")
    return [
        *(f"{noun}{end}" for end in (" 없어요", "없이 ", "도 없고 ", " 하나 없어요", " 없음")),
        *(f"{noun}{end}" for end in ("없어요", "도 거의 없어요")),
        *(f"{noun}{subject} {end}" for end in ("없네요", "없습니다", "전혀 없어요", "없어서 ")),
        f"{noun}{topic} 없네요",
    ]


def _presences(noun: str) -> list[str]:
    subject = "이" if _closed(noun) else "가"
    ends = ("있어요", "있네요", "많아요", "너무 많네요")
    return [*(f"{noun}{subject} {end}" for end in ends), f"{noun}도 있고 ", f"{noun} 있음"]


def _closed(noun: str) -> bool:
    return (ord(noun[-1]) - ord("가")) % _FINAL_CONSONANTS > 0
