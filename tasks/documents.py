"""The result as readers see it: its numbers, and all that belongs beside them."""

from __future__ import annotations

from typing import Any

from settings import Settings
from storage.postgres.products import get_product, price_history
from storage.postgres.requests import get_request
from storage.postgres.results import get_result


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
    }
