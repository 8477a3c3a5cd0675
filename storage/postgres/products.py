"""Products, their categories and prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import RequestNotFound
from domain.reviews import Price, ProductInfo
from settings.models import PostgresSettings
from storage.postgres.engine import unit_of_work
from storage.postgres.models import AnalysisResult, Category, PriceObservation, Product
from storage.postgres.outbox import add_event
from storage.postgres.requests import hold_crawl

MAX_NAME_CHARS = 500


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as the rest of the code sees it."""

    product_id: str
    source: str
    external_key: str
    name: str
    brand: str | None
    image_url: str | None
    category: str | None


def product_id_for(source: str, external_key: str) -> UUID:
    """Return the id of a product: the same page always gives the same."""
    return uuid5(NAMESPACE_URL, f"{source}\n{external_key}")


def ensure_product(session: Session, source: str, external_key: str, name: str) -> UUID:
    """Make sure that the product exists; a known name is kept."""
    product_id = product_id_for(source, external_key)
    row = {"id": product_id, "source": source, "external_key": external_key}
    statement = insert(Product).values(**row, name=name[:MAX_NAME_CHARS] or "?")
    session.execute(statement.on_conflict_do_nothing())
    return product_id


def describe_product(
    settings: PostgresSettings,
    product_id: str,
    info: ProductInfo,
    *,
    task_id: str,
    fence: int,
    observed_at: datetime,
) -> None:
    """Write down what a crawl saw of the product, its price too: all, or nothing.

    `fence` is the token of the crawl's lease. A price stands once a moment.

    Raises:
        LeaseLost: the crawl has passed on, or its request has ended; nothing was written.
    """
    with unit_of_work(settings) as session:
        hold_crawl(session, task_id, fence)
        _describe(session, product_id, info)
        if info.price is not None:
            _record_price(session, product_id, info.price, observed_at)


def _describe(session: Session, product_id: str, info: ProductInfo) -> None:
    values: dict[str, Any] = {"name": info.name[:MAX_NAME_CHARS] or "?"}
    if info.brand:
        values["brand"] = info.brand[:MAX_NAME_CHARS]
    if info.image_url:
        values["image_url"] = info.image_url
    if info.category:
        values["category_id"] = _ensure_category(session, info.category)
    differs = [getattr(Product, name).is_distinct_from(value) for name, value in values.items()]
    statement = update(Product).where(Product.id == UUID(product_id), or_(*differs))
    changed = session.execute(
        statement.values(**values, updated_at=func.now()).returning(Product.id)
    ).first()
    if changed:
        data = {key: value for key, value in values.items() if key != "category_id"}
        add_event(session, "product", product_id, "changed", data)


def _ensure_category(session: Session, path: str) -> int | None:
    """Return the id of the last name of a path like "가전 > 이어폰"; made where missing."""
    parent: int | None = None
    names = [part.strip()[:100] for part in path.replace("/", ">").split(">")]
    for name in [name for name in names if name][:6]:
        statement = insert(Category).values(parent_id=parent, name=name)
        session.execute(statement.on_conflict_do_nothing())
        query = select(Category.id).where(Category.name == name)
        same_parent = Category.parent_id.is_(None) if parent is None else None
        query = query.where(Category.parent_id == parent if same_parent is None else same_parent)
        parent = session.scalar(query)
    return parent


def _record_price(session: Session, product_id: str, price: Price, observed_at: datetime) -> None:
    """Record a price that is a number, once a moment."""
    try:
        amount = Decimal(price.amount)
    except InvalidOperation:
        return
    if not amount.is_finite() or amount < 0:
        return
    row = {"product_id": UUID(product_id), "observed_at": observed_at, "amount": amount}
    statement = insert(PriceObservation).values(
        **row, currency=price.currency, availability=price.availability
    )
    added = session.execute(
        statement.on_conflict_do_nothing().returning(PriceObservation.product_id)
    ).first()
    if added:
        data = {"amount": str(amount), "currency": price.currency}
        add_event(session, "product", product_id, "price_seen", data)


def price_history(
    settings: PostgresSettings, product_id: str, *, limit: int = 200
) -> list[dict[str, Any]]:
    """Return the latest prices, oldest first."""
    query = (
        select(PriceObservation)
        .where(PriceObservation.product_id == UUID(product_id))
        .order_by(PriceObservation.observed_at.desc())
        .limit(limit)
    )
    with unit_of_work(settings) as session:
        rows = session.scalars(query).all()
        return [
            {
                "observed_at": row.observed_at.isoformat(),
                "amount": format(row.amount.normalize(), "f"),
                "currency": row.currency,
            }
            for row in reversed(rows)
        ]


def get_product(settings: PostgresSettings, product_id: str) -> ProductRow:
    """Return the product.

    Raises:
        RequestNotFound: there is none with this id.
    """
    with unit_of_work(settings) as session:
        row = session.get(Product, UUID(product_id))
        if row is None:
            raise RequestNotFound(f"no product {product_id}")
        category = session.get(Category, row.category_id) if row.category_id else None
        return ProductRow(
            product_id=product_id,
            source=row.source,
            external_key=row.external_key,
            name=row.name,
            brand=row.brand,
            image_url=row.image_url,
            category=category.name if category else None,
        )


def products_called(
    settings: PostgresSettings, words: str, *, limit: int = 10
) -> list[tuple[str, str]]:
    """Return id and name of products with a result whose name holds the words, in any case.

    Those that are called exactly so, if there are any, and no others.
    """
    has_result = select(AnalysisResult.request_id).where(AnalysisResult.product_id == Product.id)
    query = select(Product.id, Product.name).where(has_result.exists())
    same = func.lower(Product.name) == words.lower()
    holds = Product.name.icontains(words, autoescape=True)
    with unit_of_work(settings) as session:
        for wanted in (same, holds):
            rows = session.execute(query.where(wanted).order_by(Product.id).limit(limit)).all()
            if rows:
                return [(str(row.id), row.name) for row in rows]
    return []
