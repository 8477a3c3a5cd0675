"""Every flow by its name, and where it is defined."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect import Flow

#: As in prefect.yaml. Not imported here: a process needs one of them, and all cost a second more.
ENTRYPOINTS = {
    "analyze-product": "flows.analysis:analyze_product",
    "reanalyze": "flows.reanalysis:reanalyze",
    "intake-request": "flows.intake:intake_request",
    "crawl-reviews": "flows.crawl:crawl_reviews",
    "queue-reviews": "flows.queueing:queue_reviews",
    "generate-cards": "flows.cards:generate_cards",
    "finalize-analysis": "flows.finalization:finalize_analysis",
    "analyze-keywords": "flows.keywords:analyze_keywords",
    "adapt-analyzer": "flows.adaptation:adapt_analyzer",
    "relay-events": "flows.events:relay_outbox",
}


def flow_named(name: str) -> Flow[..., Any]:
    """Return the flow of this name.

    Raises:
        KeyError: there is none.
    """
    module, _, attribute = ENTRYPOINTS[name].partition(":")
    flow: Flow[..., Any] = getattr(import_module(module), attribute)
    return flow
