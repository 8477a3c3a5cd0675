"""Whether the keywords of an analysis are still to be found; asked by those who go on with it."""

from __future__ import annotations

from settings import Settings
from storage.mongo.keyword_analysis import keyword_analysis
from storage.postgres.requests import get_request
from storage.postgres.results import get_result


def still_to_find(settings: Settings, task_id: str) -> bool:
    """Return whether an analysis has a result, and keywords of it are wanted and not there.

    Raises:
        RequestNotFound: there is no such task.
    """
    if not settings.analysis.keyword_reviews:
        return False
    if not get_request(settings.postgres, task_id).has_result:
        return False
    version = get_result(settings.postgres, task_id)["analyzer_version"]
    return keyword_analysis(settings.mongo, task_id, version) is None
