"""The finalise stage."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import show_doubts
from flows.artifacts import show_result as show_artifacts
from settings import get_settings
from tasks.crawl import crawl_ended
from tasks.endings import ending_by_name, stop_if_ended
from tasks.finalization import end_showing, show_result, write_result
from tasks.trust import weigh_trust


@flow(name="finalize-analysis", flow_run_name="finalise {task_id}")
def finalize_analysis(task_id: str) -> str:
    """Write the one result of an analysis whose reviews are all terminal, and show it.

    Args:
        task_id: The analysis, as intake returned it.

    Returns:
        How the request ended: completed, or partial where the coverage has gaps.
    """
    settings = get_settings()
    stop_if_ended(settings, task_id)
    with ending_by_name(settings, task_id):
        # Here, not in the task: what ended the crawl has had its tries.
        crawl_ended(task_id)
    doubts = weigh_trust(task_id)
    status = write_result(task_id)
    report = show_result(task_id)
    show_artifacts(settings, task_id, report)
    show_doubts(task_id, doubts)
    end_showing(task_id)
    return str(status)
