"""The crawl stage."""

from __future__ import annotations

import time

from prefect import flow

from settings import Settings, get_settings
from tasks.card_queue import free_abandoned
from tasks.companions import stop_with_companions
from tasks.crawl import crawl_ended, crawl_source, note_crawled
from tasks.endings import ending_by_name, stop_if_ended
from tasks.intake import lay_out

#: Seconds between two looks at a crawl that somebody else does.
POLL = 1.0


@flow(name="crawl-reviews", flow_run_name="crawl {task_id}")
def crawl_reviews(task_id: str) -> int:
    """Read the source of an accepted request to its end, from where it stands.

    Beside another crawl of the same task it waits, and takes over if that one dies. A source
    that cannot be read fails the request, by name.

    Args:
        task_id: The analysis, as intake returned it.

    Returns:
        How many reviews the analysis has.
    """
    settings = get_settings()
    lay_out(task_id)
    with ending_by_name(settings, task_id):
        return _crawl(settings, task_id)


def _crawl(settings: Settings, task_id: str) -> int:
    while True:
        stop_with_companions()
        stop_if_ended(settings, task_id)
        ended = crawl_ended(task_id)
        if ended is not None:
            note_crawled(task_id)
            return ended.collected
        free_abandoned(settings, task_id)
        crawl_source(task_id)
        if crawl_ended(task_id) is None:
            time.sleep(POLL)
