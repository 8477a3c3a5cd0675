"""The tables of the main path, typed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from domain.requests import ACTIVE, RequestStatus

_STATUS_LIST = ", ".join(f"'{status}'" for status in RequestStatus)
_ACTIVE_LIST = ", ".join(f"'{status}'" for status in RequestStatus if status in ACTIVE)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        str: Text,
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB,
    }


class Category(Base):
    """A node of the category tree."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("parent_id", "name", postgresql_nulls_not_distinct=True),
        {"comment": "Category tree; a root has no parent"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str]


class Product(Base):
    """A product of one source; the same page always gives the same id."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("source", "external_key"),
        CheckConstraint("length(name) BETWEEN 1 AND 500", name="products_name_length"),
        {"comment": "Products as their sources name them"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    external_key: Mapped[str]
    name: Mapped[str]
    brand: Mapped[str | None]
    image_url: Mapped[str | None]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PriceObservation(Base):
    """A price as one analysis saw it. Range-partitioned by month."""

    __tablename__ = "price_history"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="price_history_amount_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="price_history_currency_iso"),
        {
            "postgresql_partition_by": "RANGE (observed_at)",
            "comment": "Prices seen, one a product and moment; partitions by month",
        },
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    observed_at: Mapped[datetime] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    currency: Mapped[str]
    availability: Mapped[str | None]


class AnalysisRequest(Base):
    """One accepted request; its states are those of `domain.requests`.

    Two triggers, made by the migrations, stand behind it: `analysis_requests_moves` refuses an
    illegal move, and `analysis_requests_result` a transaction that would leave it completed or
    partial without a result, or in any other state with one.
    """

    __tablename__ = "analysis_requests"
    __table_args__ = (
        CheckConstraint(f"status IN ({_STATUS_LIST})", name="analysis_requests_status_known"),
        CheckConstraint(
            "(status = 'failed') = (error_code IS NOT NULL)", name="analysis_requests_failed_why"
        ),
        Index(
            "analysis_requests_one_active",
            "product_id",
            unique=True,
            postgresql_where=text(f"status IN ({_ACTIVE_LIST})"),
        ),
        Index("analysis_requests_recent", text("requested_at DESC")),
        {"comment": "Requests; legal moves are enforced by the trigger on request_moves"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    spec: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(server_default=RequestStatus.REQUESTED.value)
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    #: The highest fencing token under which a crawl has written here: a lower one is refused.
    crawl_fence: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class RequestKey(Base):
    """The idempotency keys under which callers know a request: several may share one."""

    __tablename__ = "request_keys"
    __table_args__ = ({"comment": "Idempotency key -> request"},)

    idempotency_key: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("analysis_requests.id"), index=True)
    #: What was asked under the key: the same key with other words is a mistake.
    location: Mapped[str]
    #: All of what was asked, in its canonical form; NULL where a release wrote the key that
    #: remembered the location alone.
    spec: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RequestMove(Base):
    """The legal moves of a request, as the trigger reads them."""

    __tablename__ = "request_moves"
    __table_args__ = ({"comment": "Legal moves of analysis_requests.status"},)

    from_status: Mapped[str] = mapped_column(primary_key=True)
    to_status: Mapped[str] = mapped_column(primary_key=True)


class AnalysisResult(Base):
    """The result of one analysis: numbers that the cards alone give, and their coverage.

    It is there if and only if its request is completed or partial (`analysis_results_request`).
    """

    __tablename__ = "analysis_results"
    __table_args__ = (
        Index("analysis_results_of_product", "product_id", text("created_at DESC")),
        {"comment": "One result a finished request"},
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("analysis_requests.id"), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    schema_version: Mapped[int]
    analyzer_version: Mapped[str]
    numbers: Mapped[dict[str, Any]]
    coverage: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OutboxEvent(Base):
    """An event, written in the transaction of the change it tells of."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
        {"comment": "Events on their way to Kafka, in order"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    aggregate: Mapped[str]
    aggregate_id: Mapped[str]
    type: Mapped[str]
    data: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
