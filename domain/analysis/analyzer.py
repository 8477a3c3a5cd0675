"""The analyzer: word lists and rules find what is said of what, a trained model how it feels.

Where each word, weight and number comes from: docs/reference/analyzer.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from domain.analysis.clauses import Span, split_clauses
from domain.analysis.english import english_matcher
from domain.analysis.extra_terms import NO_EXTRA, ExtraTerms
from domain.analysis.korean import KoreanMatcher, emoticon_matcher, korean_matcher
from domain.analysis.language import UNDETERMINED, identify
from domain.analysis.model import Model, shipped_model
from domain.analysis.model_scoring import ModelScorer
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
    """Reads reviews; pure, so batches may be cut and ordered at will.

    Clauses, aspects and keywords come from word lists, loaded once a process, and `extra` terms of
    a user's own; the numbers from a scorer, which is the word lists' own unless another is given.

    Raises:
        LexiconInvalid: a term of `extra` is a word that has no aspect.
    """

    def __init__(self, scorer: Scorer | None = None, extra: ExtraTerms = NO_EXTRA) -> None:
        self._scorer = scorer or LexiconScorer()
        self._extra = extra
        self._korean = korean_matcher(extra.forms)

    @property
    def version(self) -> str:
        """The scorer's version, a hash of all rules and word lists, and that of a user's terms."""
        own = f"+{self._extra.version}" if self._extra.forms else ""
        return f"{self._scorer.version}+{rules_hash()}{own}"

    def analyze(self, reviews: Sequence[ReviewText]) -> list[Reading | AnalysisFailure]:
        """Return one outcome a review, in the order given."""
        results = [parse(review.text, self._korean) for review in reviews]
        readable = [result for result in results if isinstance(result, Parsed)]
        numbers = iter(self._scorer.score(readable))
        return [
            build_reading(result, next(numbers), review.rating)
            if isinstance(result, Parsed)
            else AnalysisFailure(result, _MESSAGES[result])
            for review, result in zip(reviews, results, strict=True)
        ]


class ModelAnalyzer(LexiconAnalyzer):
    """Reads reviews with a trained model: the package's, unless another and its hash are given."""

    def __init__(
        self, extra: ExtraTerms = NO_EXTRA, model: tuple[Model, str] | None = None
    ) -> None:
        super().__init__(ModelScorer(*(model or shipped_model())), extra)


def parse(text: str, korean: KoreanMatcher | None = None) -> Parsed | FailureReason:
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
        marks = weigh_korean(text, (korean or korean_matcher()).find(text))
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
