"""Which words of a review a card quotes."""

from __future__ import annotations

from domain.analysis.clauses import Span
from domain.cards import Evidence
from domain.masking import MARKER_CHARS, MARKERS

_MARKERS = frozenset(MARKERS.values())
#: A longer clause is quoted in part.
LONGEST = 120
#: How much of that stands before the word the quote is for.
_LEAD = 50


def quote(text: str, span: Span, at: int) -> Evidence:
    """Return a clause as evidence; of a long one, the words around offset `at`."""
    start, end = span
    if end - start > LONGEST:
        if at - start > LONGEST - _LEAD:
            start = _word_start(text, max(start, min(at - _LEAD, end - LONGEST)), at)
        if end - start > LONGEST:
            end = _word_end(text, start, start + LONGEST)
        start, end = _around_markers(text, start, end)
    return Evidence(text[start:end], start, end)


def _around_markers(text: str, start: int, end: int) -> Span:
    """Return the span without the part of a marker that its cuts go through."""
    for part in range(1, MARKER_CHARS):
        if text[end - part : end - part + MARKER_CHARS] in _MARKERS:
            end -= part
        if text[max(0, start - part) : start - part + MARKER_CHARS] in _MARKERS:
            start += MARKER_CHARS - part
    return start, end


def _word_start(text: str, start: int, at: int) -> int:
    """Return the first start of a word from `start` on, up to `at`; `start` if there is none."""
    if text[start - 1].isspace() and not text[start].isspace():
        return start
    for place in range(start, at):
        if text[place].isspace() and not text[place + 1].isspace():
            return place + 1
    return start


def _word_end(text: str, start: int, end: int) -> int:
    """Return the last end of a word at or before `end`; `end` if there is none."""
    if not text[end].isspace():
        cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = cut if cut > start else end
    while text[end - 1].isspace():
        end -= 1
    return end
