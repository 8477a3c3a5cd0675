"""Products as a person types them, and the analysis that answers for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.task_ids import looks_like_id, resolve
from domain.errors import RequestNotFound
from storage.postgres.requests import get_request
from storage.postgres.results import current_task
from tasks.products import find_product

if TYPE_CHECKING:
    from settings import Settings
    from storage.postgres.products import ProductRow


def product_named(settings: Settings, typed: str) -> ProductRow:
    """Return a product by its address, file or id, or by an analysis of it as `resolve` takes it.

    Raises:
        InvalidRequest, RequestNotFound: no product, or more than one, is meant.
        SourceError: neither an address nor a path can look so.
        StoreUnavailable: PostgreSQL is away.
    """
    try:
        return find_product(settings, typed)
    except RequestNotFound:
        if not looks_like_id(typed):
            raise
        return find_product(settings, resolve(settings, typed))


def task_named(settings: Settings, typed: str) -> str:
    """Return an analysis by its id, or that of the current result of a product named so.

    Raises:
        RequestNotFound: there is none, or the product has no result.
        InvalidRequest, SourceError, StoreUnavailable: as `product_named`.
    """
    if looks_like_id(typed):
        task_id = resolve(settings, typed)
        try:
            return get_request(settings.postgres, task_id).task_id
        except RequestNotFound as error:
            return _current(settings, typed, error)
    return _current(settings, typed, None)


def _current(settings: Settings, typed: str, unknown: RequestNotFound | None) -> str:
    try:
        product = find_product(settings, typed)
    except RequestNotFound:
        if unknown is not None:
            raise unknown from None
        raise
    task_id = current_task(settings.postgres, product.product_id)
    if task_id is None:
        raise RequestNotFound(f"{product.external_key} has no result yet")
    return task_id
