"""What chance alone piles up is no keyword; what was planted is found."""

from __future__ import annotations

import math
import random
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cards import Evidence
from domain.keywords.background import Background, general_table
from domain.keywords.counting import NEGATIVE, POSITIVE, KeywordCounts, LanguageCounts, StemCount
from domain.keywords.findings import keyword_lists
from domain.keywords.scoring import Said, chance_of_more, fewest_that_tell
from domain.quotes import BestQuotes
from domain.statistics import Moments

PLANTED = "뚜껑틀"


def shipped() -> Background:
    background = Background()
    background.add_general(general_table("ko"))
    return background


def hold(part: LanguageCounts, stem: str, *, happy: bool) -> None:
    found = part.stems.setdefault(stem, StemCount())
    found.cards += 1
    found.positive += happy
    found.negative += not happy
    found.polarity += Moments(1, 8_000 if happy else -8_000, 64_000_000)
    for side in (POSITIVE, NEGATIVE):
        quotes = found.quotes.setdefault(side, BestQuotes(1))
        quotes.offer(1, "r", Evidence(f"{stem} {side}", 0, 1))


def drawn(seed: int, cards: int, *, planted: int = 0) -> KeywordCounts:
    """Return the counts of cards whose eight words are drawn from the shipped table, blindly.

    Six in ten are happy, whatever they say. So many unhappy ones also hold what is planted.
    """
    table = general_table("ko")
    names, weights = list(table), list(accumulate(table.values()))
    chance = random.Random(seed)
    part = LanguageCounts()
    for _ in range(cards):
        happy = chance.random() < 0.6
        stems = set(chance.choices(names, cum_weights=weights, k=8))
        if not happy and planted:
            stems.add(PLANTED)
            planted -= 1
        part.cards += 1
        part.sayings += len(stems)
        part.positive_cards += happy
        part.negative_cards += not happy
        part.positive += len(stems) * happy
        part.negative += len(stems) * (not happy)
        for stem in stems:
            hold(part, stem, happy=happy)
    return KeywordCounts({"ko": part})


@pytest.mark.parametrize(("cards", "samples"), [(60, 5), (300, 5), (1000, 1)])
def test_where_nothing_is_unusual_hardly_anything_is_listed(cards: int, samples: int) -> None:
    background = {"ko": shipped()}
    drawings = [keyword_lists(drawn(seed, cards), background) for seed in range(samples)]
    # In one list of twenty chance may be believed.
    for name in ("distinctive", "liked", "disliked"):
        assert sum(len(found[name]) for found in drawings) <= 1


@pytest.mark.parametrize(("cards", "planted"), [(60, 6), (300, 12)])
def test_a_planted_word_is_found_among_chance(cards: int, planted: int) -> None:
    found = keyword_lists(drawn(1, cards, planted=planted), {"ko": shipped()})
    rows = {name: [row["stem"] for row in rows] for name, rows in found.items()}
    assert rows["distinctive"][0] == PLANTED
    assert PLANTED not in rows["liked"]
    if planted >= 12:
        assert rows["disliked"][:1] == [PLANTED]


def binomial_tail(least: int, tries: int, share: float) -> float:
    return math.fsum(
        math.comb(tries, hits) * share**hits * (1 - share) ** (tries - hits)
        for hits in range(least, tries + 1)
    )


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 9_000), st.integers(1, 9_000))
def test_the_chance_is_the_binomial_tail(here: int, there: int, mine: int, theirs: int) -> None:
    found = chance_of_more(Said(here, mine), Said(there, theirs))
    exact = binomial_tail(here, here + there, mine / (mine + theirs))
    assert found == pytest.approx(exact, rel=1e-6, abs=1e-12)


@given(st.integers(1, 9_000), st.integers(1, 9_000), st.integers(1, 40))
def test_fewer_sayings_could_not_tell_anything(here: int, there: int, least: int) -> None:
    enough = fewest_that_tell(here, there, least)
    assert enough >= least
    number = math.ceil(enough)
    assert chance_of_more(Said(number, here), Said(0, there)) <= 0.05 + 1e-9
    if number > least:
        assert chance_of_more(Said(number - 1, here), Said(0, there)) > 0.05 - 1e-9


def test_where_a_side_is_silent_nothing_can_be_told() -> None:
    assert fewest_that_tell(0, 10, 3) == fewest_that_tell(10, 0, 3) == math.inf
    assert chance_of_more(Said(0, 10), Said(5, 10)) == 1.0
