"""The queue stage."""

from __future__ import annotations

from prefect import flow

from tasks.intake import lay_out
from tasks.queueing import queue_until_crawled


@flow(name="queue-reviews", flow_run_name="queue {task_id}")
def queue_reviews(task_id: str) -> int:
    """Cut the crawled reviews into chunks until the crawl has ended and all are in one.

    Args:
        task_id: The analysis, as intake returned it.

    Returns:
        How many reviews are in chunks.
    """
    lay_out(task_id)
    return queue_until_crawled(task_id)
