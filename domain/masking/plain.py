"""A text as the rules look at it: every digit, dash, dot and blank in its plain form.

The plain text is as long as the text itself, so a span found in one is a span of the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain

from domain.masking.kinds import MARKERS

Span = tuple[int, int]

#: Stands where personal data stood: in no rule, so that none looks across it.
WALL = "\x00"
#: What people put between the digits of one number.
GAP = r"[\s.,_/~()\-]{0,3}"

_MARKER = re.compile("|".join(map(re.escape, MARKERS.values())))
_DASHES = "‐‑‒–—―−⁃﹣ㅡ─━ー"
_DOTS = "·∙•․。・ㆍ｡"
_BLANKS = "\u00a0\u1680\u200b\u200c\u200d\u2060\ufeff\u00ad\u3000\u115f\u1160\u3164\u180e"
#: Where Unicode has digits of other scripts, in circles, or of other looks.
_MATHEMATICAL = range(0x1D7CE, 0x1D800)
_WITH_DIGITS = (range(0x80, 0x3000), range(0xA600, 0xAC00), _MATHEMATICAL)
#: Letters and digits beside a number from which on the whole is none.
_LONG_RUN = 16
_RUN = re.compile(rf"[0-9A-Za-z]{{1,{_LONG_RUN}}}")
_RUN_BEFORE = re.compile(r"[0-9A-Za-z]+\Z")
#: How far back an address of the web is looked for.
_LONGEST_URL = 300
_URL = re.compile(r"(?:://|\bwww\.)\S*\Z")


@cache
def _table() -> dict[int, str]:
    """Return what is written otherwise: made on first need."""
    table = {0xFF01 + n: chr(0x21 + n) for n in range(94)}
    for code in chain(*_WITH_DIGITS):
        digit = unicodedata.digit(chr(code), None)
        if digit is not None:
            table[code] = str(digit)
    table |= dict.fromkeys(map(ord, _DASHES), "-") | dict.fromkeys(map(ord, _DOTS), ".")
    return table | dict.fromkeys(map(ord, _BLANKS), " ") | {0: " "}


@cache
def _otherwise() -> re.Pattern[str]:
    """Return what finds a character whose plain form is another, or where a marker may begin."""
    basic = (re.escape(chr(code)) for code in _table() if code not in _MATHEMATICAL)
    return re.compile(rf"[\[{''.join(basic)}{chr(_MATHEMATICAL[0])}-{chr(_MATHEMATICAL[-1])}]")


def plain(text: str) -> str:
    """Return the plain form of a text, walls where its markers stand."""
    if text.isascii() or _otherwise().search(text) is None:
        return text
    seen = text.translate(_table())
    return walled(seen, [marker.span() for marker in _MARKER.finditer(text)])


def walled(text: str, spans: Sequence[Span]) -> str:
    """Return the plain text with a wall in place of each span; they come in order."""
    pieces: list[str] = []
    behind = 0
    for start, end in spans:
        pieces += (text[behind:start], WALL * (end - start))
        behind = end
    return "".join((*pieces, text[behind:])) if pieces else text


def scan(
    pattern: re.Pattern[str], text: str, accept: Callable[[re.Match[str]], Span | None]
) -> Iterator[Span]:
    """Yield what `accept` makes of the matches; one that it refuses hides none that overlaps."""
    at = 0
    while (found := pattern.search(text, at)) is not None:
        span = accept(found)
        if span is None:
            at = found.start() + 1
        else:
            yield span
            at = span[1]


def digits_of(text: str) -> str:
    """Return the digits of a plain text."""
    return "".join(filter(str.isdecimal, text))


def is_in_code(text: str, span: Span) -> bool:
    """Whether the span is part of a long run of letters and digits: a digest, a key, a token."""
    start, end = span
    before = _RUN_BEFORE.search(text[max(0, start - _LONG_RUN) : start])
    behind = _RUN.match(text, end)
    around = (len(before[0]) if before else 0) + (behind.end() - end if behind else 0)
    return around >= _LONG_RUN


def is_in_url(text: str, at: int) -> bool:
    """Whether the offset is inside an address of the web, where numbers name pages."""
    return _URL.search(text[max(0, at - _LONGEST_URL) : at]) is not None
