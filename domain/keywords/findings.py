"""From counts to the three lists that a result shows: distinctive, liked, disliked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from domain.certainty import MIN_COUNT, UNIT, mean_within
from domain.keywords.background import Background
from domain.keywords.counting import (
    NEGATIVE,
    POSITIVE,
    KeywordCounts,
    LanguageCounts,
    StemCount,
)
from domain.keywords.scoring import Said, z_score
from domain.keywords.words import english_words, korean_words
from domain.tally import feeling_of

#: Rows of each list, at most.
MOST = 20
#: A stem that fewer cards hold is nobody's keyword; of many cards, this share of them.
LEAST_CARDS, LEAST_SHARE = 3, 0.002
#: Standard errors from which a difference is told: by chance one stem in a hundred gets there.
LEAST_Z = 2.33
#: A keyword is said at least so many times as often as expected: of thousands of cards a tenth
#: more would do for the standard error, and nobody would call it unusual.
LEAST_TIMES = 1.3
#: A part of a compound that is hardly met outside of it (센터 of 고객센터) gives way to it.
INSIDE = 0.6
#: From this share of its cards on each side a stem is spoken of both ways.
BOTH_WAYS = 0.25
_ENDINGS = ("스럽다", "하다", "되다", " 없다")


class _Row(NamedTuple):
    """A candidate: a stem, its counts, and how it stands out."""

    stem: str
    found: StemCount
    cards: int
    share: float
    expected: float
    z: float


def keyword_lists(
    counts: KeywordCounts, backgrounds: Mapping[str, Background]
) -> dict[str, list[dict[str, Any]]]:
    """Return the lists `distinctive`, `liked` and `disliked`, the most unusual first.

    Of `distinctive`, `share` is of all counted cards and `expected_share` what it would be if the
    stem were said as often as in the background, by people as talkative as these. Of `liked` they
    are the shares of the happy and of the unhappy cards; of `disliked` the other way round.
    """
    distinctive: list[_Row] = []
    liked: list[_Row] = []
    disliked: list[_Row] = []
    least = max(LEAST_CARDS, math.ceil(counts.cards * LEAST_SHARE))
    for language, part in counts.only_said_by(least):
        if counts.cards >= MIN_COUNT:
            stems = _worth_telling(part)
            background = backgrounds.get(language) or Background()
            distinctive += _distinctive(stems, part, background, counts.cards)
            liked += _on_one_side(stems, part, POSITIVE, least)
            disliked += _on_one_side(stems, part, NEGATIVE, least)
    return {
        "distinctive": _listed(distinctive, _own_feeling),
        "liked": _listed(liked, lambda _: POSITIVE),
        "disliked": _listed(disliked, lambda _: NEGATIVE),
    }


def is_verdict(stem: str) -> bool:
    """Whether a stem is the verdict itself (좋다, 추천 안 하다, not good) and no news beside it."""
    bare = stem.removeprefix("안 ").removeprefix("못 ").removeprefix("not ")
    noun = stem.split(" ", 1)[0]
    verdicts = korean_words().verdicts | english_words().verdicts
    return bare in verdicts or noun in verdicts


def _worth_telling(part: LanguageCounts) -> dict[str, StemCount]:
    """Return the stems without verdicts, and without parts that only stand in their compound."""
    compounds: dict[str, int] = {}
    for name, each in part.stems.items():
        if " " not in name and not name.endswith("다") and not name.isascii():
            for piece in _pieces(name):
                compounds[piece] = max(compounds.get(piece, 0), each.cards)
    return {
        name: each
        for name, each in part.stems.items()
        if not is_verdict(name) and compounds.get(name, 0) < INSIDE * each.cards
    }


def _pieces(name: str) -> Iterator[str]:
    """Yield what a compound may begin or end with."""
    for cut in range(1, len(name)):
        yield name[:cut]
        yield name[cut:]


def _distinctive(
    stems: Mapping[str, StemCount], part: LanguageCounts, background: Background, cards: int
) -> Iterator[_Row]:
    if not background.sayings:
        return
    for name, each in stems.items():
        there = Said(background.said(name), background.sayings)
        z = z_score(Said(each.cards, part.sayings), there)
        share = each.cards / cards
        expected = min(1.0, there.stem / there.all * part.sayings / cards)
        if z >= LEAST_Z and share >= LEAST_TIMES * expected:
            yield _Row(name, each, each.cards, share, expected, z)


def _on_one_side(
    stems: Mapping[str, StemCount], part: LanguageCounts, side: str, least: int
) -> Iterator[_Row]:
    """Yield what the happy say rather than the unhappy, or the other way round."""
    happy, unhappy = (part.positive_cards, part.positive), (part.negative_cards, part.negative)
    here, there = (happy, unhappy) if side == POSITIVE else (unhappy, happy)
    if min(here[0], there[0]) < MIN_COUNT // 2:
        return
    for name, each in stems.items():
        said = (each.positive, each.negative)
        mine, theirs = said if side == POSITIVE else said[::-1]
        z = z_score(Said(mine, here[1]), Said(theirs, there[1]))
        share, other = mine / here[0], theirs / there[0]
        if mine >= least and z >= LEAST_Z and share >= LEAST_TIMES * other:
            yield _Row(name, each, mine, share, other, z)


def _listed(rows: Iterable[_Row], side: Callable[[_Row], str]) -> list[dict[str, Any]]:
    """Return the best rows as documents; of words of one root (추천, 추천하다) the best alone."""
    listed: list[dict[str, Any]] = []
    roots: set[str] = set()
    quoted: set[str] = set()
    for row in sorted(rows, key=lambda row: (-row.z, row.stem)):
        root = _root(row.stem)
        if root in roots:
            continue
        quote = _quote(row.found, side(row), quoted)
        if quote is None:
            continue
        roots.add(root)
        quoted.add(quote["text"])
        listed.append(_document(row, quote))
        if len(listed) == MOST:
            break
    return listed


def _root(stem: str) -> str:
    ending = next((each for each in _ENDINGS if stem.endswith(each) and stem != each), "")
    return stem.removesuffix(ending)


def _own_feeling(row: _Row) -> str:
    return POSITIVE if row.found.polarity.total >= 0 else NEGATIVE


def _quote(count: StemCount, side: str, quoted: Iterable[str]) -> dict[str, Any] | None:
    """Return the best quote of a side, one that is not shown yet if there is one."""
    # Where no clause feels so, any that holds the stem.
    sides = sorted(count.quotes, key=lambda name: (name != side, name))
    found = [quote for name in sides for quote in count.quotes[name].listed()]
    ours = count.quotes[side].listed() if side in count.quotes else found
    fresh = [quote for quote in ours if quote["text"] not in quoted]
    return next(iter(fresh or ours or found), None)


def _document(row: _Row, quote: dict[str, Any]) -> dict[str, Any]:
    polarity = row.found.polarity
    return {
        "stem": row.stem,
        "cards": row.cards,
        "share": round(row.share, 4),
        "expected_share": round(row.expected, 4),
        "z": round(row.z, 2),
        "polarity": round(polarity.mean / UNIT, 4),
        "polarity_interval": mean_within(polarity),
        "feeling": _feeling(row.found),
        "quote": quote,
    }


def _feeling(count: StemCount) -> str:
    both = min(count.positive, count.negative) >= BOTH_WAYS * count.cards
    return feeling_of(count.polarity.mean / UNIT, mixed=both)
