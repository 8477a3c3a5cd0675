"""What the word lists say of a clause or a text, as numbers for the trained model."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from domain.analysis.negation import Mark

#: Good words, bad words, words turned good, words turned bad, the balance, the last word; the same
#: six where an article is spoken of, else zeros; whether one is.
SIGNALS = 13
_NO_ARTICLE = (0.0,) * 7


def signals(marks: Iterable[Mark]) -> tuple[float, ...]:
    """Return `SIGNALS` numbers; roots of sums, so that the tenth good word says little more.

    An article is spoken of where an aspect is. The lists are about articles: what they say of a
    film is worth less.
    """
    good = bad = turned_good = turned_bad = last = 0.0
    article = False
    for mark in marks:
        value = mark.value
        article = article or mark.term.aspect is not None
        if not value or not mark.term.emotions:
            continue
        last = value
        if value > 0:
            good += value
            turned_good += value if mark.turned else 0.0
        else:
            bad -= value
            turned_bad -= value if mark.turned else 0.0
    balance = good - bad
    found = (
        sqrt(good),
        sqrt(bad),
        sqrt(turned_good),
        sqrt(turned_bad),
        balance / sqrt(balance * balance + 0.5),
        last,
    )
    return (*found, *found, 1.0) if article else (*found, *_NO_ARTICLE)
