"""Which keyword a word found in a review gives: a denied one says that it is denied."""

from __future__ import annotations

import re

from domain.analysis.lexicon import Term

#: What behind a noun denies the deed and not the thing: 추천하지 않다, 실망시키지 않다.
_DEEDS = re.compile("하|시키|지|진|질|[은는도]? ?[안못] ?[하해합했한할]")


def keyword(term: Term) -> str:
    """Return the keyword of a word that means what it says; "" for none."""
    return term.name if term.keyword else ""


def denied_keyword(term: Term, text: str, end: int, until: int) -> str:
    """Return the keyword of a Korean word that is denied, "" where no short form says so.

    The word ends at `end`; what denies it behind ends at `until`, or stands before the word.
    """
    name = term.name
    if not term.keyword or not name:
        return ""
    if name.endswith("다"):
        return f"{name[:-1]}지 않다"
    behind = text[end:until]
    if "없" in behind:
        return f"{name} 없다"
    if "아니" in behind or "아닌" in behind or "아님" in behind:
        return f"{name} 아니다"
    return f"{name}하지 않다" if _DEEDS.match(behind) else ""
