"""What the trained model looks at: hashed n-grams of a batch of texts, as arrays.

A batch is one array of code points, and every step below is one numpy operation over all of it:
no loop over characters, and one over texts only where a regular expression looks for negation.

Families, each hashed apart:
- runs of 1 to 5 characters, spaces among them;
- the same runs once more where a negator rules them. There the plain run counts against its own
  weight (`TURNED`), so that what is known of 비리다 speaks for 안 비려요 as well;
- runs of 2 to 4 characters where a text begins, and where it ends: there a writer sums up;
- pairs of neighbouring words, by their wholes and by their first syllables.

Letters are lower case, white space is one space, and a character is repeated twice at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.analysis.clauses import Span

LONGEST_RUN = 5
#: What a run counts where it is negated.
TURNED = np.float32(-0.7)
#: Characters that count as the beginning and as the end of a text.
HEAD, TAIL = 6, 14
#: Characters of a word that its hash sees.
WORD_CHARS = 8
#: Left word by its first characters, right word likewise, words from one to the other.
_PAIRS = ((8, 8, 1), (2, 2, 1), (2, 2, 2), (3, 2, 1), (3, 3, 2))

_PRIME = np.uint32(0x01000193)
_GOLDEN = 0x9E3779B9
_SPACE, _END = 32, 0
_SCOPES = re.compile(
    r"""
      (?P<before_ji>[가-힣]+[지])(?:는|도|가|를|은|만)?\ ?(?:않|안|못|말|마)
    | (?<=\ )(?:안|못)\ ?(?P<after_an>[가-힣]+)
    | (?P<before_eop>[가-힣]{1,8}?)(?:이|가|은|는|도|을|를)?
        \ (?:전혀\ |하나도\ |거의\ |별로\ |크게\ )?(?:없|아니|아닌|아님|안\ ?[나되돼])
    | \b(?:not|never|no|without|cannot|(?:do|does|did|is|was|are|ca|could|wo|would)n'?t)
        \ (?P<after_not>[a-z']+(?:\ [a-z']+){0,2})
    """,
    re.VERBOSE,
)

Codes = NDArray[np.uint32]
Numbers = NDArray[np.int64]


class Features(NamedTuple):
    """The features of a batch, in no order. All arrays are as long as there are features."""

    #: Number of the text that the feature is of.
    text: Numbers
    #: Number of the clause, counted over the whole batch; −1 where it crosses two.
    clause: Numbers
    #: Hash of 32 bits; a model of 2ⁿ buckets takes the first n.
    hash: Codes
    #: What it counts: 1, or `TURNED`.
    value: NDArray[np.float32]


class _Batch(NamedTuple):
    """Texts one after the other, each in its spaces, `_END` after each."""

    codes: Codes
    text: Numbers
    clause: Numbers
    negated: NDArray[np.bool_]


def extract(texts: Sequence[str], clauses: Sequence[Sequence[Span]]) -> Features:
    """Return the features of texts; `clauses` has the spans of each, in order, at least one.

    What stands between two spans is of no clause.
    """
    batch = _normalised(texts, clauses)
    with np.errstate(over="ignore"):
        parts = [*_runs(batch), *_edges(batch), *_word_pairs(batch)]
    return Features(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _normalised(texts: Sequence[str], clauses: Sequence[Sequence[Span]]) -> _Batch:
    joined = "".join(f" {text} \0" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    lengths = np.fromiter((len(text) + 3 for text in texts), np.int64, len(texts))
    firsts = np.cumsum(lengths) - lengths
    ends = firsts + lengths - 1
    codes[(codes <= _SPACE) | (codes == 0xA0) | (codes == 0x3000)] = _SPACE
    codes[ends] = _END
    upper = (codes >= ord("A")) & (codes <= ord("Z"))
    codes[upper] += 32
    clause = _clauses(firsts.tolist(), lengths.tolist(), clauses)
    keep = _kept(codes)
    text = np.repeat(np.arange(len(texts)), lengths)[keep]
    codes = codes[keep]
    return _Batch(codes, text, clause[keep], _negated(codes))


def _clauses(
    firsts: Sequence[int], lengths: Sequence[int], clauses: Sequence[Sequence[Span]]
) -> Numbers:
    """Return the clause of each character, −1 between two.

    The first takes in what stands before it, and the last what stands after it.
    """
    opened = np.zeros(firsts[-1] + lengths[-1] + 1, np.int64)
    closed = np.zeros(len(opened), np.int64)
    for first, length, spans in zip(firsts, lengths, clauses, strict=True):
        for (_, end), (start, _) in pairwise(spans):
            closed[first + 1 + end] += 1
            opened[first + 1 + start] += 1
        opened[first] += 1
        closed[first + length] += 1
    begun = np.cumsum(opened)
    inside = begun > np.cumsum(closed)
    return np.where(inside, begun - 1, -1)[:-1]


def _kept(codes: Codes) -> NDArray[np.bool_]:
    """Tell which characters stay: no space after a space, no third of a kind."""
    keep = np.ones(len(codes), np.bool_)
    same = codes[1:] == codes[:-1]
    keep[1:] &= ~(same & (codes[1:] == _SPACE))
    keep[2:] &= ~(same[1:] & same[:-1])
    return keep


def _negated(codes: Codes) -> NDArray[np.bool_]:
    text = codes.tobytes().decode("utf-32-le", "surrogatepass")
    negated = np.zeros(len(codes), np.bool_)
    for found in _SCOPES.finditer(text):
        start, end = found.span(str(found.lastgroup))
        negated[start:end] = True
    return negated


def _hashed(codes: Codes, family: int) -> Codes:
    """Mix the bits of rolling hashes, so that the first bits alone tell them apart."""
    mixed = codes + np.uint32(family * _GOLDEN & 0xFFFFFFFF)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x7FEB352D)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x846CA68B)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _same_clause(batch: _Batch, first: Numbers, last: Numbers) -> Numbers:
    clause = batch.clause[first]
    return np.where(clause == batch.clause[last], clause, -1)


def _runs(batch: _Batch) -> Iterator[Features]:
    codes, rolling = batch.codes, np.zeros(len(batch.codes), np.uint32)
    for length in range(1, LONGEST_RUN + 1):
        count = max(0, len(codes) - length + 1)
        rolling = rolling[:count] * _PRIME + codes[length - 1 :]
        whole = batch.text[:count] == batch.text[length - 1 :]
        whole &= codes[length - 1 :] != _END
        if length == 1:
            whole &= codes != _SPACE
        first = np.flatnonzero(whole)
        last = first + length - 1
        turned = batch.negated[first] | batch.negated[last]
        text, clause = batch.text[first], _same_clause(batch, first, last)
        value = np.where(turned, TURNED, np.float32(1))
        yield Features(text, clause, _hashed(rolling[first], length), value)
        again = np.flatnonzero(turned)
        yield Features(
            text[again],
            clause[again],
            _hashed(rolling[first[again]], 10 + length),
            np.ones(len(again), np.float32),
        )


def _edges(batch: _Batch) -> Iterator[Features]:
    codes = batch.codes
    ends = np.flatnonzero(codes == _END)
    starts = np.concatenate(([0], ends[:-1] + 1))
    place = np.arange(len(codes))
    near_end = ends[batch.text] - place <= TAIL
    near_start = place - starts[batch.text] <= HEAD
    rolling = np.zeros(len(codes), np.uint32)
    for length in range(1, 5):
        count = max(0, len(codes) - length + 1)
        rolling = rolling[:count] * _PRIME + codes[length - 1 :]
        if length == 1:
            continue
        whole = batch.text[:count] == batch.text[length - 1 :]
        whole &= codes[length - 1 :] != _END
        for family, near in ((20, near_end), (30, near_start)):
            first = np.flatnonzero(whole & near[:count])
            yield Features(
                batch.text[first],
                _same_clause(batch, first, first + length - 1),
                _hashed(rolling[first], family + length),
                np.ones(len(first), np.float32),
            )


def _word_pairs(batch: _Batch) -> Iterator[Features]:
    codes = batch.codes
    letter = (codes != _SPACE) & (codes != _END)
    starts = np.flatnonzero(letter[1:] & ~letter[:-1]) + 1
    ends = np.flatnonzero(letter[:-1] & ~letter[1:]) + 1
    shapes = _word_hashes(codes, starts, ends)
    text = batch.text[starts]
    for family, (left, right, step) in enumerate(_PAIRS):
        if len(starts) <= step:
            continue
        hashes = shapes[left][:-step] * np.uint32(0x85EBCA6B) + shapes[right][step:]
        first = np.flatnonzero(text[:-step] == text[step:])
        yield Features(
            text[first],
            _same_clause(batch, starts[first], starts[first + step]),
            _hashed(hashes[first], 40 + family),
            np.ones(len(first), np.float32),
        )


def _word_hashes(codes: Codes, starts: Numbers, ends: Numbers) -> dict[int, Codes]:
    """Return the hashes of the words' first 2, 3 and `WORD_CHARS` characters."""
    rolling = np.zeros(len(starts), np.uint32)
    shapes: dict[int, Codes] = {}
    for place in range(WORD_CHARS):
        inside = starts + place < ends
        code = codes[np.minimum(starts + place, len(codes) - 1)]
        rolling = np.where(inside, rolling * _PRIME + code + np.uint32(1), rolling)
        shapes[place + 1] = rolling
    return shapes
