"""What the word lists tell the model of a text."""

from __future__ import annotations

import pytest

from domain.analysis.analyzer import parse
from domain.analysis.lexical import SIGNALS, signals
from domain.analysis.scoring import Parsed


def of(text: str) -> tuple[float, ...]:
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    found = signals(mark for clause in parsed.clauses for mark in clause.marks)
    assert len(found) == SIGNALS
    return found


def test_they_count_twice_where_an_article_is_spoken_of() -> None:
    found = of("배송이 빨라요")
    plain, again, article = found[:6], found[6:12], found[12]
    assert plain == again != (0.0,) * 6
    assert article == 1.0


@pytest.mark.parametrize("text", ["재밌다", "안 지루했다"])
def test_and_once_where_none_is(text: str) -> None:
    found = of(text)
    assert any(found[:6])
    assert not any(found[6:])


def test_good_and_bad_words_and_turned_ones_are_told_apart() -> None:
    good, bad, turned_good, turned_bad, balance, last = of("좋아요 안 나빠요 별로예요")[:6]
    assert good > turned_good > 0
    assert bad > turned_bad == 0
    assert balance * last != 0
    assert last < 0
