"""Keywords: what a product's reviewers say unusually often, found after its result is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    held_against,
    latest_of_others,
    other_products,
    save_keyword_analysis,
)
from storage.postgres.results import get_result
from tasks.retries import retryable
from tasks.side_process import run_aside
from tasks.word_counting import CountedWords, count_words

#: Other products that the background is made of, the latest ones, with so many reviews each.
MOST_PRODUCTS, LEAST_REVIEWS = 50, 50
#: Stems kept for the backgrounds of others.
KEPT_STEMS = 5_000
#: More threads than this leave Kiwi waiting for the store.
MOST_THREADS = 4


@retryable("find keywords")
def find_keywords(task_id: str) -> int:
    """Find the keywords of a finished analysis and write them; return how many there are.

    Run again it writes the same document: it remembers the analyses that it was held against. By
    newer rules, and where one of those has been found again by such, it is another.

    Raises:
        RequestNotFound: the analysis has no result.
        WordCountDied: the process that counts ended without an answer.
    """
    settings = get_settings()
    result = get_result(settings.postgres, task_id)
    counted = _counted(settings, result)
    others = _others(settings, result, counted.counts.languages)
    backgrounds, told = _backgrounds(settings, counted.counts, others)
    lists = keyword_lists(counted.counts, backgrounds)
    save_keyword_analysis(
        settings.mongo,
        task_id=task_id,
        product_id=result["product_id"],
        result_at=datetime.fromisoformat(result["created_at"]),
        content={
            "analyzer_version": result["analyzer_version"],
            "keywords_version": keywords_version(),
            "reviews": counted.counts.cards,
            "of": result["numbers"]["cards"],
            "doubted": counted.doubted,
            "background": told,
            "held_against": others,
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


def _others(settings: Settings, result: dict[str, Any], languages: Iterable[str]) -> list[str]:
    """Return the analyses to hold a task's words against: those of the first time, if it was."""
    version = keywords_version()
    known = held_against(settings.mongo, result["task_id"], version)
    if known is not None:
        return known
    return latest_of_others(
        settings.mongo,
        product_id=result["product_id"],
        keywords_version=version,
        languages=languages,
        before=datetime.fromisoformat(result["created_at"]),
        least_reviews=LEAST_REVIEWS,
        most=MOST_PRODUCTS,
    )


def _backgrounds(
    settings: Settings, counts: KeywordCounts, others: Sequence[str]
) -> tuple[dict[str, Background], dict[str, Any]]:
    """Return what the counts are held against, by language, and how it is told of."""
    backgrounds = {language: Background() for language in counts.languages}
    products = reviews = 0
    for other in other_products(settings.mongo, others, keywords_version()):
        shared = other.counts.keys() & backgrounds.keys()
        products += bool(shared)
        for language in shared:
            backgrounds[language].add_product(other.counts[language])
            reviews += other.counts[language].cards
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
