"""A whole analysis stage by stage, in the test's own process."""

from __future__ import annotations

from settings import Settings
from tasks.card_queue import work_left
from tasks.cards import make_cards
from tasks.crawl import crawl_source
from tasks.finalization import end_showing, write_result
from tasks.intake import lay_out
from tasks.queueing import queue_until_crawled
from tasks.trust import weigh_trust


def work_through(settings: Settings, task_id: str) -> str:
    """Carry a request to its result without the flows, which take a second each to begin."""
    lay_out.fn(task_id)
    crawl_source.fn(task_id)
    queue_until_crawled.fn(task_id)
    while work_left(settings, task_id).ready_chunks:
        make_cards.fn(task_id)
    weigh_trust.fn(task_id)
    write_result.fn(task_id)
    end_showing.fn(task_id)
    return task_id
