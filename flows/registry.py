"""Every flow by its name."""

from __future__ import annotations

from typing import Any

from prefect import Flow

from flows.adaptation import adapt_analyzer
from flows.analysis import analyze_product
from flows.cards import generate_cards
from flows.crawl import crawl_reviews
from flows.events import relay_outbox
from flows.finalization import finalize_analysis
from flows.intake import intake_request
from flows.keywords import analyze_keywords
from flows.queueing import queue_reviews
from flows.reanalysis import reanalyze

FLOWS: dict[str, Flow[..., Any]] = {
    each.name: each
    for each in (
        analyze_product,
        reanalyze,
        intake_request,
        crawl_reviews,
        queue_reviews,
        generate_cards,
        finalize_analysis,
        analyze_keywords,
        adapt_analyzer,
        relay_outbox,
    )
}
