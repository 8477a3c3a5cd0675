"""Keywords of a finished analysis: after its result, and never in its way."""

from __future__ import annotations

import logging

from prefect import flow

from domain.errors import EmotionCardsError, InvalidRequest
from flows.artifacts import show_missing_keywords
from flows.artifacts import show_result as show_artifacts
from settings import Settings, get_settings
from tasks.finalization import show_result
from tasks.keywords import find_keywords
from tasks.missing_keywords import still_to_find

log = logging.getLogger(__name__)


@flow(name="analyze-keywords", flow_run_name="keywords {task_id}")
def analyze_keywords(task_id: str) -> int:
    """Find what a product's reviewers say unusually often, and show its result again with it.

    Every analysis does this at its end; run alone it does so again, as often as you like.

    Args:
        task_id: An analysis that has a result.

    Returns:
        How many keywords there are.
    """
    settings = get_settings()
    if not settings.analysis.keyword_reviews:
        raise InvalidRequest("no keywords are looked for: EC_ANALYSIS__KEYWORD_REVIEWS is 0")
    found = find_keywords(task_id)
    show_artifacts(settings, task_id, show_result(task_id))
    return found


def add_keywords(settings: Settings, task_id: str) -> None:
    """Find the keywords of an analysis that has ended; what goes wrong is told, and harms nothing.

    The result is there and shown: a failure here is no failure of the analysis.
    """
    try:
        if still_to_find(settings, task_id):
            analyze_keywords(task_id)
    except EmotionCardsError as error:
        log.warning("task %s has no keywords yet: %s", task_id, error.line)
        show_missing_keywords(task_id, error.line)
