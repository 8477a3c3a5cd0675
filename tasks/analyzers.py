"""The analyzer that this process makes cards with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from domain.analysis import ModelAnalyzer
from domain.analysis.extra_terms import ExtraTerms, ExtraTermsInvalid, read_extra_terms
from domain.analysis.lexicon import LexiconInvalid
from domain.cards import Analyzer
from domain.errors import AspectTermsInvalid
from settings import get_settings


def analyzer() -> Analyzer:
    """Return the analyzer of the settings; built once a process.

    Raises:
        AspectTermsInvalid: the settings' file of terms cannot be read.
    """
    return _built(get_settings().analysis.aspects_file)


@lru_cache(maxsize=1)
def _built(aspects_file: Path | None) -> Analyzer:
    if aspects_file is None:
        return ModelAnalyzer()
    try:
        return ModelAnalyzer(_read(aspects_file))
    except (ExtraTermsInvalid, LexiconInvalid, OSError, UnicodeDecodeError) as error:
        raise AspectTermsInvalid(f"{aspects_file}: {error}") from error


def _read(path: Path) -> ExtraTerms:
    return read_extra_terms(path.read_text(encoding="utf-8"))
