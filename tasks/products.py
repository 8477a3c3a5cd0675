"""Products as people and programs name them."""

from __future__ import annotations

from uuid import UUID

from domain.errors import RequestNotFound
from settings import Settings
from sources.base import SourceSpec
from sources.registry import open_source
from storage.postgres.products import ProductRow, get_product, product_id_for
from storage.postgres.requests import get_request


def find_product(settings: Settings, named: str) -> ProductRow:
    """Return a product that was analysed before.

    It is named by its address, by the path of its file (which need not be there any more), by
    its own id, or by that of one of its analyses.

    Raises:
        RequestNotFound: no product is named so.
        SourceError: neither an address nor a path can look so.
        StoreUnavailable: PostgreSQL is away.
    """
    named = named.strip()
    try:
        return get_product(settings.postgres, _product_id(settings, named))
    except RequestNotFound:
        raise RequestNotFound(f"{named[:200]}: no product of this name was analysed yet") from None


def _product_id(settings: Settings, named: str) -> str:
    try:
        known = str(UUID(named))
    except ValueError:
        identity = open_source(SourceSpec(named), settings.crawl).identity
        return str(product_id_for(identity.source, identity.external_key))
    try:
        return get_request(settings.postgres, known).product_id
    except RequestNotFound:
        return known
