"""Reads the feelings of a review: languages, clauses, word lists, negation, numbers."""

from domain.analysis.analyzer import LexiconAnalyzer

__all__ = ["LexiconAnalyzer"]
