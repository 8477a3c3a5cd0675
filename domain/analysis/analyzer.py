"""The analyzer of today: two lexicons and negation rules of our own, Korean and English.

Its words and weights were chosen while looking at NSMC (CC0), KOTE (MIT) and the VADER snippets
(MIT). SentiNeg (CC BY-SA) and the UCI sentences served for evaluation only: no word or weight
comes from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from domain.analysis.clauses import Span, split_clauses
from domain.analysis.english import english_matcher
from domain.analysis.korean import emoticon_matcher, korean_matcher
from domain.analysis.language import UNDETERMINED, identify
from domain.analysis.negation import Mark, weigh_english, weigh_korean
from domain.analysis.reading import build_reading
from domain.analysis.scoring import Clause, LexiconScorer, Parsed, Scorer
from domain.cards import AnalysisFailure, FailureReason, Reading, ReviewText

_MESSAGES = {
    FailureReason.EMPTY_TEXT: "the review has no text",
    FailureReason.ONLY_SYMBOLS: "the review has neither a letter nor a sign of feeling",
    FailureReason.UNSUPPORTED_LANGUAGE: "the review is neither Korean nor English",
}


class LexiconAnalyzer:
    """Reads reviews by looking words up; pure, so batches may be cut and ordered at will.

    The word lists are loaded on first use, once a process.
    """

    def __init__(self, scorer: Scorer | None = None) -> None:
        self._scorer = scorer or LexiconScorer()

    @property
    def version(self) -> str:
        """The scorer's version and a hash of all rules and word lists, 8 hex digits."""
        return f"{self._scorer.version}+{rules_hash()}"

    def analyze(self, reviews: Sequence[ReviewText]) -> list[Reading | AnalysisFailure]:
        """Return one outcome a review, in the order given."""
        results = [parse(review.text) for review in reviews]
        readable = [result for result in results if isinstance(result, Parsed)]
        numbers = iter(self._scorer.score(readable))
        return [
            build_reading(result, next(numbers), review.rating)
            if isinstance(result, Parsed)
            else AnalysisFailure(result, _MESSAGES[result])
            for review, result in zip(reviews, results, strict=True)
        ]


def parse(text: str) -> Parsed | FailureReason:
    """Take a review apart into clauses and marks, or return why that cannot be done."""
    language = identify(text)
    if isinstance(language, FailureReason):
        return language
    if language == "en":
        marks = weigh_english(text, english_matcher().find(text))
    elif language == UNDETERMINED:
        marks = weigh_korean(text, emoticon_matcher().find(text))
        if not marks:
            return FailureReason.ONLY_SYMBOLS
    else:
        marks = weigh_korean(text, korean_matcher().find(text))
    return Parsed(text, language, _shared_out(split_clauses(text, language), marks))


def _shared_out(spans: Sequence[Span], marks: Sequence[Mark]) -> list[Clause]:
    """Give each mark to the clause it starts in; both come in text order."""
    if len(spans) == 1:
        return [Clause(spans[0], marks)]
    clauses: list[Clause] = []
    taken = 0
    for span in spans:
        first = taken
        while taken < len(marks) and marks[taken].start < span[1]:
            taken += 1
        clauses.append(Clause(span, marks[first:taken]))
    return clauses


@cache
def rules_hash() -> str:
    """Return a hash of every rule and word list of this package, 8 hex digits."""
    digest = hashlib.blake2b(digest_size=4)
    files = resources.files("domain.analysis").iterdir()
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith((".py", ".toml")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
