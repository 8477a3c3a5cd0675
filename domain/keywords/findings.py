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
from domain.keywords.scoring import Said, chance_of_more, fewest_that_tell, z_score
from domain.keywords.words import english_words, korean_words
from domain.statistics import discoveries
from domain.tally import feeling_of

#: Rows of each list, at most.
MOST = 20
#: A stem that fewer cards hold is nobody's keyword; of many cards, this share of them.
LEAST_CARDS, LEAST_SHARE = 3, 0.002
#: A keyword is said at least so many times as often as expected: of thousands of cards a tenth
#: more would do for the standard error, and nobody would call it unusual.
LEAST_TIMES = 1.3
#: A part of a compound that is hardly met outside of it (센터 of 고객센터) gives way to it.
INSIDE = 0.6
#: From this share of its cards on each side a stem is spoken of both ways.
BOTH_WAYS = 0.25
#: Quotes as documents.
Quotes = list[dict[str, Any]]
_ENDINGS = ("스럽다", "하다", "되다", " 없다")


class _Row(NamedTuple):
    """A candidate: a stem, its counts, and how it stands out."""

    stem: str
    found: StemCount
    cards: int
    share: float
    expected: float
    z: float
    #: How often a difference as large comes by chance alone.
    chance: float


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
            beside = _beside(counts.languages[language], part, background, least)
            rows = _distinctive(stems, part, background, counts.cards, least)
            distinctive += _believed(rows, least, beside)
            liked += _believed(_on_one_side(stems, part, POSITIVE, least), least)
            disliked += _believed(_on_one_side(stems, part, NEGATIVE, least), least)
    return {
        "distinctive": _listed(distinctive, _any_quotes),
        "liked": _listed(liked, lambda found: _quotes(found, POSITIVE)),
        "disliked": _listed(disliked, lambda found: _quotes(found, NEGATIVE)),
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
    stems: Mapping[str, StemCount],
    part: LanguageCounts,
    background: Background,
    cards: int,
    least: int,
) -> Iterator[_Row]:
    """Yield the stems that are said often enough, here or elsewhere, to be told apart."""
    enough = fewest_that_tell(part.sayings, background.sayings, least)
    for name, each in stems.items():
        here = Said(each.cards, part.sayings)
        there = Said(background.said(name), background.sayings)
        if here.stem + there.stem >= enough:
            expected = min(1.0, there.stem / there.all * part.sayings / cards)
            yield _row(name, each, (here, there), each.cards, (each.cards / cards, expected))


def _beside(
    counted: LanguageCounts, part: LanguageCounts, background: Background, least: int
) -> int:
    """Return how many stems of the background might have stood out here, and are hardly said.

    They are tries as well: who looks at thousands of stems finds a few that chance has piled up.
    """
    enough = fewest_that_tell(part.sayings, background.sayings, least)
    return sum(
        1
        for name, said in background.stems.items()
        # Of stems that one card alone holds the counts need not be there.
        if name not in part.stems
        and said + (counted.stems[name].cards if name in counted.stems else 1) >= enough
    )


def _on_one_side(
    stems: Mapping[str, StemCount], part: LanguageCounts, side: str, least: int
) -> Iterator[_Row]:
    """Yield what may be said by the happy rather than the unhappy, or the other way round."""
    happy, unhappy = (part.positive_cards, part.positive), (part.negative_cards, part.negative)
    here, there = (happy, unhappy) if side == POSITIVE else (unhappy, happy)
    if min(here[0], there[0]) < MIN_COUNT // 2:
        return
    enough = fewest_that_tell(here[1], there[1], least)
    for name, each in stems.items():
        said = (each.positive, each.negative)
        mine, theirs = said if side == POSITIVE else said[::-1]
        if mine + theirs >= enough:
            sides = Said(mine, here[1]), Said(theirs, there[1])
            yield _row(name, each, sides, mine, (mine / here[0], theirs / there[0]))


def _row(
    name: str, found: StemCount, sides: tuple[Said, Said], cards: int, shares: tuple[float, float]
) -> _Row:
    return _Row(name, found, cards, *shares, z_score(*sides), chance_of_more(*sides))


def _believed(rows: Iterable[_Row], least: int, beside: int = 0) -> Iterator[_Row]:
    """Yield the rows that chance does not explain, of all that were tried, and that are large.

    `beside` is how many more stems might have been among them, and are not.
    """
    tried = list(rows)
    told = discoveries([row.chance for row in tried] + [1.0] * beside)
    for row, believed in zip(tried, told, strict=False):
        if believed and row.cards >= least and row.share >= LEAST_TIMES * row.expected:
            yield row


def _listed(rows: Iterable[_Row], quotes_of: Callable[[StemCount], Quotes]) -> list[dict[str, Any]]:
    """Return the best rows as documents; of words of one root (추천, 추천하다) the best alone.

    A row without a quote is none: what nobody can read up is not told.
    """
    listed: list[dict[str, Any]] = []
    roots: set[str] = set()
    quoted: set[str] = set()
    for row in sorted(rows, key=lambda row: (-row.z, row.stem)):
        root = _root(row.stem)
        if root in roots:
            continue
        quotes = quotes_of(row.found)
        # One that is not shown yet, if there is one.
        fresh = [quote for quote in quotes if quote["text"] not in quoted]
        quote = next(iter(fresh or quotes), None)
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


def _quotes(found: StemCount, side: str) -> Quotes:
    """Return the quotes that feel so, the best first."""
    return found.quotes[side].listed() if side in found.quotes else []


def _any_quotes(found: StemCount) -> Quotes:
    """Return the quotes that feel as the stem does; where there are none, any that hold it."""
    own = POSITIVE if found.polarity.total >= 0 else NEGATIVE
    opposite = NEGATIVE if own == POSITIVE else POSITIVE
    others = sorted(found.quotes, key=lambda side: (side == opposite, side))
    return _quotes(found, own) or [
        quote for side in others for quote in found.quotes[side].listed()
    ]


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
