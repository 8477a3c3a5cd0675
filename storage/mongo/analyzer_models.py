"""Adapted models: where every worker finds them, and which one is in force.

A model is a document under the hash of its bytes, so its content never changes under its name. At
most one is promoted (a partial unique index); where none is, the model of the package is in force.
Retired ones stay: analyses that began with them end with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from domain.errors import AnalyzerModelUnusable, PromotionOvertaken
from settings.models import MongoSettings
from storage.mongo.client import Document, database_for, translated
from storage.mongo.collections import ANALYZER_MODELS

_IN_FORCE = {"state": "promoted"}


@dataclass(frozen=True, slots=True)
class AdaptedModel:
    """A model and where it comes from."""

    model_id: str
    #: The model's file.
    raw: bytes
    #: The shipped model that it was fitted from.
    base: str
    #: Hash of the feature rules that its numbers are for.
    features: str
    figures: Mapping[str, Any]
    #: `reviews`, `products`, and the moments of the oldest and newest review, `from` and `to`.
    trained_on: Mapping[str, Any]
    #: The flow run.
    made_by: str


class InForce(NamedTuple):
    """The promoted model, without its bytes."""

    model_id: str
    #: The shipped model that it was fitted from.
    base: str
    #: The flow run that put it in force.
    made_by: str
    figures: Mapping[str, Any]


def _models(settings: MongoSettings) -> Collection[Document]:
    return database_for(settings)[ANALYZER_MODELS]


def promoted_model(settings: MongoSettings) -> InForce | None:
    """Return the model in force; None where it is the package's."""
    with translated():
        found = _models(settings).find_one(_IN_FORCE, {"model": 0})
    if found is None:
        return None
    return InForce(found["_id"], found["base"], found.get("made_by", ""), found["figures"])


def save_candidate(settings: MongoSettings, model: AdaptedModel) -> None:
    """Store a model; one that is there already keeps its state, and says of its latest making."""
    fields: Document = {
        "model": model.raw,
        "base": model.base,
        "features": model.features,
        "figures": dict(model.figures),
        "trained_on": dict(model.trained_on),
        "made_at": datetime.now(UTC),
        "made_by": model.made_by,
    }
    with translated():
        _models(settings).update_one(
            {"_id": model.model_id},
            {"$set": fields, "$setOnInsert": {"state": "candidate"}},
            upsert=True,
        )


def load_model(settings: MongoSettings, model_id: str) -> tuple[bytes, str]:
    """Return a model's file, and the hash of its feature rules.

    Raises:
        AnalyzerModelUnusable: it is gone.
    """
    with translated():
        found = _models(settings).find_one({"_id": model_id}, {"model": 1, "features": 1})
    if found is None:
        raise AnalyzerModelUnusable(f"the adapted model {model_id} is not in the store")
    return bytes(found["model"]), str(found["features"])


def promote(settings: MongoSettings, model_id: str, *, instead_of: str | None) -> None:
    """Put a stored model in force in the place of another; both, or neither.

    One that is in force already stays so. `instead_of` is the model that it was judged against,
    None for the package's.

    Raises:
        PromotionOvertaken: yet another one is in force by now.
        AnalyzerModelUnusable: it is not in the store.
    """
    models = _models(settings)

    def change(session: ClientSession) -> None:
        now = datetime.now(UTC)
        found = models.find_one(_IN_FORCE, {"_id": 1}, session=session)
        present = None if found is None else found["_id"]
        if present == model_id:
            return
        if present != instead_of:
            raise PromotionOvertaken(
                f"{present or 'the package’s model'} is in force, and {model_id} was judged "
                f"against {instead_of or 'the package’s model'}; adapt again"
            )
        _retire(models, now, session)
        put = {"$set": {"state": "promoted", "promoted_at": now}, "$unset": {"retired_at": ""}}
        if models.update_one({"_id": model_id}, put, session=session).matched_count == 0:
            raise AnalyzerModelUnusable(f"the adapted model {model_id} is not in the store")

    with translated(), database_for(settings).client.start_session() as session:
        session.with_transaction(change)


def retire(settings: MongoSettings) -> str | None:
    """Put the package's model in force again; return which one was, None if it was already."""
    with translated():
        found = _models(settings).find_one_and_update(
            _IN_FORCE, {"$set": {"state": "retired", "retired_at": datetime.now(UTC)}}, {"_id": 1}
        )
    return None if found is None else str(found["_id"])


def _retire(models: Collection[Document], now: datetime, session: ClientSession) -> None:
    gone = {"$set": {"state": "retired", "retired_at": now}}
    models.update_one(_IN_FORCE, gone, session=session)
