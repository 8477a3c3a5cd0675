"""Keywords: what a product's reviewers say unusually often, found after its result is written."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import islice
from typing import Any

from domain.certainty import MIN_COUNT
from domain.keywords.background import Background, KeptCounts, general_table
from domain.keywords.counting import KeywordCounts
from domain.keywords.findings import keyword_lists
from domain.keywords.version import keywords_version
from settings import Settings, get_settings
from storage.mongo.keyword_analysis import (
    keyword_analysis,
    other_products,
    save_keyword_analysis,
)
from storage.postgres.requests import get_request
from storage.postgres.results import get_result
from tasks.retries import retryable
from tasks.side_process import run_aside
from tasks.word_counting import CountedWords, count_words

log = logging.getLogger(__name__)

#: Other products that the background is made of, the latest ones, with so many reviews each.
MOST_PRODUCTS, LEAST_REVIEWS = 50, 50
#: Stems kept for the backgrounds of others.
KEPT_STEMS = 5_000
#: More threads than this leave Kiwi waiting for the store.
MOST_THREADS = 4


@retryable("find keywords")
def find_keywords(task_id: str) -> int:
    """Find the keywords of a finished analysis and write them; return how many there are.

    Run again it writes the same document: what it is held against is older than the result.

    Raises:
        RequestNotFound: the analysis has no result.
        WordCountDied: the process that counts ended without an answer.
    """
    settings = get_settings()
    result = get_result(settings.postgres, task_id)
    counted = _counted(settings, result)
    result_at = datetime.fromisoformat(result["created_at"])
    backgrounds, held_against = _backgrounds(settings, result, counted.counts, result_at)
    lists = keyword_lists(counted.counts, backgrounds)
    save_keyword_analysis(
        settings.mongo,
        task_id=task_id,
        product_id=result["product_id"],
        result_at=result_at,
        content={
            "analyzer_version": result["analyzer_version"],
            "keywords_version": keywords_version(),
            "reviews": counted.counts.cards,
            "of": result["numbers"]["cards"],
            "doubted": counted.doubted,
            "background": held_against,
            **lists,
        },
        counts=_kept(counted.counts),
    )
    return sum(map(len, lists.values()))


def _counted(settings: Settings, result: dict[str, Any]) -> CountedWords:
    if result["numbers"]["cards"] < MIN_COUNT:
        # Nothing can be called unusual: Kiwi need not be loaded for that.
        return CountedWords()
    return run_aside(
        count_words,
        settings.mongo,
        result["task_id"],
        result["product_id"],
        most=settings.analysis.keyword_reviews,
        threads=min(MOST_THREADS, settings.analysis.processes),
    )


def _backgrounds(
    settings: Settings, result: dict[str, Any], counts: KeywordCounts, before: datetime
) -> tuple[dict[str, Background], dict[str, Any]]:
    """Return what the counts are held against, by language, and how it is told of."""
    backgrounds = {language: Background() for language in counts.languages}
    others = other_products(
        settings.mongo,
        product_id=result["product_id"],
        keywords_version=keywords_version(),
        before=before,
        least_reviews=LEAST_REVIEWS,
        most=MOST_PRODUCTS,
    )
    products = reviews = 0
    for other in others:
        products, reviews = products + 1, reviews + other.reviews
        for language, background in backgrounds.items():
            if language in other.counts:
                background.add_product(other.counts[language])
    for language, background in backgrounds.items():
        background.add_general(general_table(language))
    general = any(background.general for background in backgrounds.values())
    return backgrounds, {"products": products, "reviews": reviews, "general": general}


def _kept(counts: KeywordCounts) -> dict[str, KeptCounts]:
    """Return the commonest stems, for the backgrounds of products that come after."""
    return {
        language: KeptCounts(
            each.cards,
            each.sayings,
            {name: found.cards for name, found in islice(each.stems.items(), KEPT_STEMS)},
        )
        for language, each in counts.languages.items()
    }


def still_to_find(task_id: str) -> bool:
    """Return whether an analysis has a result, and keywords of it are wanted and not there."""
    settings = get_settings()
    if not settings.analysis.keyword_reviews:
        return False
    if not get_request(settings.postgres, task_id).has_result:
        return False
    version = get_result(settings.postgres, task_id)["analyzer_version"]
    return keyword_analysis(settings.mongo, task_id, version) is None
