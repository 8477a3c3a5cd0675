"""Reads the feelings of a review: languages, clauses, word lists, negation, a trained model."""

from domain.analysis.analyzer import LexiconAnalyzer, ModelAnalyzer

__all__ = ["LexiconAnalyzer", "ModelAnalyzer"]
