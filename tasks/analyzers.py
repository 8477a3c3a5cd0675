"""The analyzers that this process makes cards with: one a model, and which model is in force."""

from __future__ import annotations

import logging
import zipfile
from functools import lru_cache
from pathlib import Path

from domain.adaptation.features import feature_rules
from domain.analysis import ModelAnalyzer
from domain.analysis.extra_terms import NO_EXTRA, ExtraTerms, ExtraTermsInvalid, read_extra_terms
from domain.analysis.lexicon import LexiconInvalid
from domain.analysis.model import Model, shipped_model
from domain.cards import Analyzer
from domain.errors import AnalyzerModelUnusable, AspectTermsInvalid
from settings import Settings, get_settings
from storage.mongo.analyzer_models import InForce, load_model, promoted_model
from storage.mongo.sessions import session_model

log = logging.getLogger(__name__)

#: Analyzers kept; each holds some ten megabytes.
_KEPT = 3
WAY_BACK = "`cards adapt --back` puts the shipped model in force for new analyses"


def analyzer(model: str | None = None) -> Analyzer:
    """Return the analyzer of an adapted model, None for the shipped one; built once a process.

    Raises:
        AspectTermsInvalid: the settings' file of terms cannot be read.
        AnalyzerModelUnusable: the model is gone, broken, or of other feature rules.
        StoreUnavailable: MongoDB is away.
    """
    return _built(model, get_settings().analysis.aspects_file)


def analyzer_of(task_id: str) -> Analyzer:
    """Return the analyzer that a task's work was laid out with, whatever is in force by now.

    Raises:
        AspectTermsInvalid, AnalyzerModelUnusable, StoreUnavailable: as `analyzer`.
    """
    return analyzer(session_model(get_settings().mongo, task_id))


def current_model() -> str | None:
    """Return the id of the model in force for new analyses; None for the shipped one.

    One that was fitted from another release's model stays in force, and the log says so.
    """
    found = promoted_model(get_settings().mongo)
    if found is None:
        return None
    told = older_base(found)
    if told:
        _warn_once(told)
    return found.model_id


def older_base(found: InForce) -> str | None:
    """Return in words that a model was fitted from another release's; None where it was not."""
    shipped = shipped_model()[1]
    if found.base == shipped:
        return None
    return (
        f"the adapted model {found.model_id} was fitted from the shipped model {found.base}, and "
        f"this release has {shipped}; `cards adapt` tells which is better"
    )


@lru_cache(maxsize=_KEPT)
def _warn_once(words: str) -> None:
    log.warning("%s", words)


def current_version() -> str:
    """Return the version that new analyses are made with.

    Raises:
        AspectTermsInvalid, AnalyzerModelUnusable, StoreUnavailable: as `analyzer`.
    """
    return analyzer(current_model()).version


def adapted_model(settings: Settings, model: str) -> Model:
    """Return an adapted model from the store.

    Raises:
        AnalyzerModelUnusable: it is gone, broken, or of other feature rules.
    """
    raw, features = load_model(settings.mongo, model)
    if features != feature_rules():
        raise AnalyzerModelUnusable(
            f"the adapted model {model} was made by the feature rules {features}, and this "
            f"release has {feature_rules()}; adapt again, or {WAY_BACK}"
        )
    try:
        return Model.from_bytes(raw)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        message = f"the adapted model {model} cannot be read ({error}); {WAY_BACK}"
        raise AnalyzerModelUnusable(message) from error


@lru_cache(maxsize=_KEPT)
def _built(model: str | None, aspects_file: Path | None) -> Analyzer:
    chosen = None if model is None else (adapted_model(get_settings(), model), model)
    if aspects_file is None:
        return ModelAnalyzer(NO_EXTRA, chosen)
    try:
        return ModelAnalyzer(_terms(aspects_file), chosen)
    except FileNotFoundError as error:
        raise AspectTermsInvalid(_not_there(aspects_file)) from error
    except (ExtraTermsInvalid, LexiconInvalid, OSError, UnicodeDecodeError) as error:
        raise AspectTermsInvalid(f"{aspects_file}: {error}") from error


def _terms(path: Path) -> ExtraTerms:
    return read_extra_terms(path.read_text(encoding="utf-8"))


def _not_there(path: Path) -> str:
    line = f"{path.absolute()}: no such file"
    if path.is_absolute():
        return line
    return (
        f"{line}; EC_ANALYSIS__ASPECTS_FILE={path} is relative to the working directory of the "
        "process that makes the cards: give the whole path"
    )
