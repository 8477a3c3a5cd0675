"""Adaptation: a model fitted to the platform's own rated reviews, judged, and put in force."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from domain.adaptation.decision import Outcome, Trials, try_out
from domain.adaptation.features import feature_rules
from domain.adaptation.remodelling import adapt
from domain.adaptation.selection import too_few
from domain.adaptation.validation import shipped_validation
from domain.analysis.model import Model, file_hash, shipped_model
from domain.errors import AnalyzerModelUnusable, StoreUnavailable
from settings import Settings, get_settings
from storage.mongo.analyzer_models import (
    AdaptedModel,
    InForce,
    promote,
    promoted_model,
    retire,
    save_candidate,
)
from storage.redis.progress import read_progress, write_progress
from tasks.analyzers import WAY_BACK, adapted_model, older_base
from tasks.rated_examples import RatedExamples, Tell, choose_reviews, read_examples
from tasks.retries import retryable

log = logging.getLogger(__name__)

#: Under this name progress is written, in the place of a task_id.
PROGRESS = "adapt-analyzer"
#: Seconds between two writings of progress.
_EVERY = 0.3


@dataclass(slots=True)
class Adaptation:
    """What an adaptation has come to so far."""

    dry_run: bool
    #: The model that new analyses are made with; None for the shipped one.
    in_force: str | None
    outcome: Outcome = Outcome.TOO_FEW
    why: tuple[str, ...] = ()
    #: What to know of the model in force, in words.
    notes: list[str] = field(default_factory=list)
    model: str | None = None
    pull: float | None = None
    trials: Trials | None = None
    reviews: dict[str, Any] = field(default_factory=dict)

    def to_state(self) -> dict[str, Any]:
        """Return it as plain values, as people and programs are shown it."""
        return {
            "outcome": str(self.outcome),
            "why": list(self.why),
            "notes": list(self.notes),
            "dry_run": self.dry_run,
            "model": self.model,
            "in_force": self.in_force,
            "shipped": shipped_model()[1],
            "pull": self.pull,
            "reviews": self.reviews,
            **(self.trials.to_state() if self.trials else {}),
        }


@retryable("adapt analyzer")
def adapt_to_reviews(*, dry_run: bool, run_id: str) -> dict[str, Any]:
    """Fit the shipped model to the platform's rated reviews; put it in force if it is better.

    It begins with the shipped model each time, and is judged against that and the one in force: the
    same reviews give the same model, however often. A dry run stores nothing. A run that comes
    again, because it never heard that its promotion went through, tells of that and does nothing.

    Raises:
        StoreUnavailable: MongoDB or PostgreSQL is away.
        ValidationSetStale: the package's validation set does not fit its rules.
        PromotionOvertaken: another model was put in force meanwhile.
    """
    settings = get_settings()
    present = promoted_model(settings.mongo)
    if present and present.made_by == run_id:
        return {**present.figures, "outcome": str(Outcome.PROMOTED)}
    found = Adaptation(dry_run, present and present.model_id)
    tell = _teller(settings)
    # Looked at before minutes of work.
    shipped_validation()
    rivals = _rivals(settings, present, found.notes)
    chosen, counts = choose_reviews(settings, tell)
    found.reviews = {**counts, "used": len(chosen), "products": len({e.product_id for e in chosen})}
    short = too_few(chosen)
    if short is None:
        _learn(settings, found, rivals, read_examples(settings, chosen, tell), run_id, tell)
    else:
        found.why = (short,)
    return found.to_state()


def return_to_shipped() -> str | None:
    """Put the shipped model in force again; return which one was, None if it was already."""
    return retire(get_settings().mongo)


def adaptation_progress(settings: Settings) -> dict[str, Any]:
    """Return `step` and the moment `at` of the adaptation under way; empty where none is known."""
    try:
        return read_progress(settings.redis, PROGRESS) or {}
    except StoreUnavailable:
        return {}


def _rivals(settings: Settings, present: InForce | None, notes: list[str]) -> dict[str, Model]:
    """Return the models to be better than, by their names: that in force, and the shipped one.

    One in force that cannot be used is no rival: an adaptation is a way out of that.
    """
    shipped, name = shipped_model()
    if present is None:
        return {name: shipped}
    if told := older_base(present):
        notes.append(told)
    try:
        return {present.model_id: adapted_model(settings, present.model_id), name: shipped}
    except AnalyzerModelUnusable as error:
        notes.append(f"judged against the shipped model alone: {error.line}")
        return {name: shipped}


def _learn(
    settings: Settings,
    found: Adaptation,
    rivals: dict[str, Model],
    rated: RatedExamples,
    run_id: str,
    tell: Tell,
) -> None:
    """Fit, judge and decide; `found` is told what comes of it."""
    found.reviews |= _shares(rated)
    shipped = shipped_validation()
    candidate = adapt(shipped_model()[0], rated.training, rated.tuning, shipped.guide(), tell)
    raw = candidate.model.to_bytes()
    found.model, found.pull = file_hash(raw), candidate.pull
    tell("judging it by the held-back reviews and by the shipped validation set")
    found.trials = try_out(rivals, candidate.model, rated.held_back, shipped.judge())
    verdict = found.trials.verdict()
    found.outcome, found.why = verdict.outcome, verdict.why
    behind = found.in_force in rivals and found.trials.best != found.in_force
    if behind and found.outcome is not Outcome.BETTER:
        found.notes.append(f"the shipped model does better than {found.in_force}; {WAY_BACK}")
    if found.model == found.in_force:
        found.outcome, found.why = Outcome.UNCHANGED, ("these reviews give the model in force",)
    elif found.outcome is Outcome.BETTER and not found.dry_run:
        _put_in_force(settings, found, rated, raw, run_id)
        found.outcome = Outcome.PROMOTED


def _put_in_force(
    settings: Settings, found: Adaptation, rated: RatedExamples, raw: bytes, run_id: str
) -> None:
    state = found.to_state()
    model = AdaptedModel(
        model_id=state["model"],
        raw=raw,
        base=state["shipped"],
        features=feature_rules(),
        figures=state,
        trained_on={
            "reviews": rated.learnt,
            "products": found.reviews["products"],
            "from": rated.oldest,
            "to": rated.newest,
        },
        made_by=run_id,
    )
    save_candidate(settings.mongo, model)
    promote(settings.mongo, model.model_id, instead_of=found.in_force)


def _shares(rated: RatedExamples) -> dict[str, Any]:
    return {
        "learnt_from": _sides(rated.training.positive.tolist()),
        "held_back": _sides(rated.held_back.positive.tolist()),
        "oldest": rated.oldest.isoformat() if rated.oldest else None,
        "newest": rated.newest.isoformat() if rated.newest else None,
    }


def _sides(positive: list[bool]) -> dict[str, int]:
    return {"pleased": sum(positive), "displeased": len(positive) - sum(positive)}


def _teller(settings: Settings) -> Tell:
    """Return who is told of each step: whoever watches, now and then, and the log."""
    last = 0.0

    def tell(step: str) -> None:
        nonlocal last
        log.debug("%s", step)
        if time.monotonic() - last < _EVERY:
            return
        last = time.monotonic()
        try:
            write_progress(settings.redis, PROGRESS, {"step": step, "at": time.time()})
        except StoreUnavailable as error:
            log.debug("progress is not shown: %s", error.line)

    return tell
