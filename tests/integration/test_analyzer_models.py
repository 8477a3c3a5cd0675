"""Adapted models in the store: one in force, the way back, and analyses that keep theirs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import pytest
from pymongo.errors import DuplicateKeyError

from domain.adaptation.features import feature_rules
from domain.analysis.model import Model, file_hash, shipped_model
from domain.errors import AnalyzerModelUnusable, EmotionCardsError, PromotionOvertaken
from settings import Settings
from storage.mongo.analyzer_models import (
    AdaptedModel,
    load_model,
    promote,
    retire,
    save_candidate,
)
from storage.mongo.client import database_for
from storage.mongo.collections import ANALYZER_MODELS
from storage.mongo.crawl_jobs import open_analysis
from storage.mongo.sessions import session_model
from tasks import analyzers
from tasks.analyzers import analyzer, analyzer_of, current_model, current_version


@pytest.fixture(autouse=True)
def fresh_analyzers() -> Iterator[None]:
    yield
    analyzers._built.cache_clear()
    analyzers._warn_once.cache_clear()


@cache
def nearly_shipped(number: int) -> bytes:
    """Return a model that differs from the shipped one by a hair; a second's work to pack."""
    base = shipped_model()[0]
    line = base.polarity_line.copy()
    line[1] += number / 1000
    return replace(base, polarity_line=line).to_bytes()


def stored(
    settings: Settings, number: int, *, raw: bytes | None = None, rules: str = "", of: str = ""
) -> str:
    """Store a model: `raw`, or one that differs from the shipped one by a hair."""
    name = shipped_model()[1]
    own = raw or nearly_shipped(number)
    trained = {"reviews": 1, "products": 1, "from": None, "to": None}
    rules = rules or feature_rules()
    model = AdaptedModel(file_hash(own), own, of or name, rules, {}, trained, "run")
    save_candidate(settings.mongo, model)
    return model.model_id


def test_one_is_in_force_and_there_is_a_way_back(settings: Settings) -> None:
    first, second = stored(settings, 1), stored(settings, 2)
    assert current_model() is None
    assert current_version() == analyzer().version
    promote(settings.mongo, first, instead_of=None)
    # Again, and by whoever judged it against nothing: it is in force already.
    promote(settings.mongo, first, instead_of=None)
    assert current_version().startswith(f"model-{first}+")
    promote(settings.mongo, second, instead_of=first)
    # Stored again it keeps its state.
    assert stored(settings, 2) == second
    states = {
        row["_id"]: row["state"] for row in database_for(settings.mongo)[ANALYZER_MODELS].find()
    }
    assert states == {first: "retired", second: "promoted"}
    assert retire(settings.mongo) == second
    assert retire(settings.mongo) is None
    assert current_version() == analyzer().version
    promote(settings.mongo, first, instead_of=None)
    assert current_model() == first


def test_of_two_promoted_at_once_one_wins_and_the_other_is_told(settings: Settings) -> None:
    ids = [stored(settings, number, raw=bytes([number])) for number in range(1, 5)]

    def put(model_id: str) -> str:
        try:
            promote(settings.mongo, model_id, instead_of=None)
        except PromotionOvertaken as error:
            return error.code
        return model_id

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(put, ids))
    assert said.count("promotion_overtaken") == 3
    assert current_model() in said
    models = database_for(settings.mongo)[ANALYZER_MODELS]
    with pytest.raises(DuplicateKeyError):
        models.update_many({}, {"$set": {"state": "promoted"}})


def test_what_is_not_there_is_not_promoted_and_nothing_is_lost(settings: Settings) -> None:
    there = stored(settings, 1)
    promote(settings.mongo, there, instead_of=None)
    with pytest.raises(AnalyzerModelUnusable, match="not in the store"):
        promote(settings.mongo, "0" * 8, instead_of=there)
    assert current_model() == there
    assert Model.from_bytes(load_model(settings.mongo, there)[0]).to_bytes()


def test_an_analysis_keeps_the_model_it_was_laid_out_with(settings: Settings) -> None:
    first = stored(settings, 1)
    open_analysis(settings.mongo, "before", "product", model=current_model())
    promote(settings.mongo, first, instead_of=None)
    for _ in range(2):
        # Laid out again, as every stage does: the session stays.
        open_analysis(settings.mongo, "before", "product", model=current_model())
        open_analysis(settings.mongo, "after", "product", model=current_model())
        retire(settings.mongo)
    assert session_model(settings.mongo, "before") is None
    assert session_model(settings.mongo, "after") == first
    assert analyzer_of("before").version == analyzer().version
    assert analyzer_of("after").version == analyzer(first).version != analyzer().version
    # Laid out by a release that knew of no adapted models.
    assert analyzer_of("of an earlier release").version == analyzer().version


def test_a_model_of_an_older_release_is_told_when_it_is_chosen(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    older = stored(settings, 1, raw=b"older", of="eeeeeeee")
    promote(settings.mongo, older, instead_of=None)
    assert [current_model(), current_model()] == [older, older]
    told = [record.getMessage() for record in caplog.records if record.name == analyzers.__name__]
    assert len(told) == 1
    assert f"{older} was fitted from the shipped model eeeeeeee" in told[0]


@pytest.mark.parametrize("broken", ["gone", "cut", "rules"])
def test_a_model_that_cannot_be_had_is_told_by_name(settings: Settings, broken: str) -> None:
    whole = nearly_shipped(1)
    if broken == "gone":
        name, told = "12345678", "not in the store"
    elif broken == "cut":
        name, told = stored(settings, 1, raw=whole[:1000]), "cannot be read"
    else:
        name, told = stored(settings, 1, rules="ffffffff"), "feature rules ffffffff"
    open_analysis(settings.mongo, "task", "product", model=name)
    with pytest.raises(EmotionCardsError, match=told) as caught:
        analyzer_of("task")
    assert caught.value.code == "analyzer_model_unusable"
