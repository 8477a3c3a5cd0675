"""Adaptation: the analyzer learns from the platform's own stars."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger, runtime
from prefect.artifacts import create_markdown_artifact

from reports.adaptation import render_adaptation
from tasks.adaptation import adapt_to_reviews


@flow(name="adapt-analyzer")
def adapt_analyzer(dry_run: bool = True) -> dict[str, Any]:
    """Fit the analyzer's polarity to the platform's own rated reviews, and tell if it is better.

    A fifth of the reviews is held back to judge by. New analyses are made with the adapted model
    only if it is better there and not worse on the validation set of the package. Analyses under
    way end with the model they began with.

    Args:
        dry_run: Only tell what would be; nothing is stored. Off: a better model is put in force.

    Returns:
        How it ended, why, and all figures before and after.
    """
    found = adapt_to_reviews(dry_run=dry_run, run_id=str(runtime.flow_run.id))
    get_run_logger().info("%s: %s", found["outcome"], "; ".join(found["why"]))
    create_markdown_artifact(
        markdown=render_adaptation(found),
        key="adapt-analyzer",
        description=f"Adaptation of the analyzer: {found['outcome']}",
    )
    return found
