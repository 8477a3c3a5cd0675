"""The result as readers see it: its numbers, and all that belongs beside them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from domain.errors import RequestNotFound, StoreUnavailable
from settings import Settings
from storage.mongo.keyword_analysis import keyword_analysis
from storage.postgres.products import get_product, price_history
from storage.postgres.requests import get_request
from storage.postgres.results import current_task, get_result

log = logging.getLogger(__name__)


def current_document(settings: Settings, product_id: str) -> dict[str, Any]:
    """Return the product's current result, as `result_document` does.

    It is of one analysis as a whole: one that is swapped in meanwhile is for the next reading.

    Raises:
        RequestNotFound: the product has no result.
    """
    task_id = current_task(settings.postgres, product_id)
    if task_id is None:
        raise RequestNotFound(f"product {product_id} has no result yet")
    return result_document(settings, task_id)


def result_document(settings: Settings, task_id: str) -> dict[str, Any]:
    """Return the result with all that a reader wants beside it.

    Raises:
        RequestNotFound: the request has no result.
    """
    request = get_request(settings.postgres, task_id)
    result = get_result(settings.postgres, task_id)
    product = get_product(settings.postgres, request.product_id)
    return {
        **result,
        "status": str(request.status),
        "source": request.spec["location"],
        "product": {
            "name": product.name,
            "brand": product.brand,
            "category": product.category,
            "image_url": product.image_url,
            "url": product.external_key if product.source != "file" else None,
        },
        "prices": price_history(settings.postgres, request.product_id),
        **_keywords(settings, result),
    }


def _keywords(settings: Settings, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result's keyword analysis under its name; nothing where there is none yet."""
    try:
        found = keyword_analysis(settings.mongo, result["task_id"], result["analyzer_version"])
    except StoreUnavailable as error:
        # The result is PostgreSQL's and can be told without it.
        log.warning("the keywords are not shown: %s", error.line)
        return {}
    return {} if found is None else {"keyword_analysis": found}
