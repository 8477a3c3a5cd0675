"""The tables of the main path: products, prices, requests, results, outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0001"
down_revision = None

_STATUSES = (
    "'requested', 'crawling', 'analyzing', 'finalizing', "
    "'completed', 'partial', 'failed', 'cancelled'"
)
_ACTIVE = "'requested', 'crawling', 'analyzing', 'finalizing'"
_MOVES = {
    "requested": ("crawling", "failed", "cancelled"),
    "crawling": ("analyzing", "failed", "cancelled"),
    "analyzing": ("finalizing", "failed", "cancelled"),
    "finalizing": ("completed", "partial", "failed", "cancelled"),
}
_NOW = sa.text("now()")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything."""
    _catalogue()
    _prices()
    _requests()
    _moves()
    _results_and_outbox()


def _catalogue() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("categories.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.UniqueConstraint("parent_id", "name", postgresql_nulls_not_distinct=True),
        comment="Category tree; a root has no parent",
    )
    op.create_table(
        "products",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("external_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("brand", sa.Text),
        sa.Column("image_url", sa.Text),
        sa.Column("category_id", sa.BigInteger, sa.ForeignKey("categories.id"), index=True),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("updated_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.UniqueConstraint("source", "external_key"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 500", name="products_name_length"),
        comment="Products as their sources name them",
    )


def _prices() -> None:
    product = sa.ForeignKey("products.id")
    op.create_table(
        "price_history",
        sa.Column("product_id", UUID(as_uuid=True), product, primary_key=True),
        sa.Column("observed_at", _MOMENT, primary_key=True),
        sa.Column("amount", sa.Numeric(18, 4), nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("availability", sa.Text),
        sa.CheckConstraint("amount >= 0", name="price_history_amount_positive"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="price_history_currency_iso"),
        postgresql_partition_by="RANGE (observed_at)",
        comment="Prices seen, one a product and moment; partitions by month",
    )
    op.execute("CREATE TABLE price_history_rest PARTITION OF price_history DEFAULT")


def _requests() -> None:
    product = sa.ForeignKey("products.id")
    op.create_table(
        "analysis_requests",
        sa.Column("id", UUID(as_uuid=True), primary_key=True),
        sa.Column("product_id", UUID(as_uuid=True), product, nullable=False),
        sa.Column("spec", JSONB, nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="requested"),
        sa.Column("error_code", sa.Text),
        sa.Column("error_message", sa.Text),
        sa.Column("requested_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("updated_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("finished_at", _MOMENT),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name="analysis_requests_status_known"),
        sa.CheckConstraint(
            "(status = 'failed') = (error_code IS NOT NULL)", name="analysis_requests_failed_why"
        ),
        comment="Requests; legal moves are enforced by the trigger on request_moves",
    )
    op.create_index(
        "analysis_requests_one_active",
        "analysis_requests",
        ["product_id"],
        unique=True,
        postgresql_where=sa.text(f"status IN ({_ACTIVE})"),
    )
    op.create_index("analysis_requests_recent", "analysis_requests", [sa.text("requested_at DESC")])
    request = sa.ForeignKey("analysis_requests.id")
    op.create_table(
        "request_keys",
        sa.Column("idempotency_key", sa.Text, primary_key=True),
        sa.Column("request_id", UUID(as_uuid=True), request, nullable=False, index=True),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
        comment="Idempotency key -> request",
    )


def _moves() -> None:
    moves = op.create_table(
        "request_moves",
        sa.Column("from_status", sa.Text, primary_key=True),
        sa.Column("to_status", sa.Text, primary_key=True),
        comment="Legal moves of analysis_requests.status",
    )
    rows = [{"from_status": a, "to_status": b} for a, targets in _MOVES.items() for b in targets]
    op.bulk_insert(moves, rows)
    op.execute(
        """
        CREATE FUNCTION check_request_move() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' AND NEW.status <> 'requested' THEN
                RAISE EXCEPTION 'a request starts as requested, not %', NEW.status
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT EXISTS (
                SELECT FROM request_moves
                WHERE from_status = OLD.status AND to_status = NEW.status
            ) THEN
                RAISE EXCEPTION 'a request cannot move from % to %', OLD.status, NEW.status
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER analysis_requests_moves BEFORE INSERT OR UPDATE ON analysis_requests "
        "FOR EACH ROW EXECUTE FUNCTION check_request_move()"
    )


def _results_and_outbox() -> None:
    request = sa.ForeignKey("analysis_requests.id")
    product = sa.ForeignKey("products.id")
    op.create_table(
        "analysis_results",
        sa.Column("request_id", UUID(as_uuid=True), request, primary_key=True),
        sa.Column("product_id", UUID(as_uuid=True), product, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("analyzer_version", sa.Text, nullable=False),
        sa.Column("numbers", JSONB, nullable=False),
        sa.Column("coverage", JSONB, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
        comment="One result a finished request",
    )
    op.create_index(
        "analysis_results_of_product",
        "analysis_results",
        ["product_id", sa.text("created_at DESC")],
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column(
            "event_id",
            UUID(as_uuid=True),
            nullable=False,
            unique=True,
            server_default=sa.text("gen_random_uuid()"),
        ),
        sa.Column("aggregate", sa.Text, nullable=False),
        sa.Column("aggregate_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("published_at", _MOMENT),
        comment="Events on their way to Kafka, in order",
    )
    op.create_index(
        "outbox_unpublished",
        "outbox",
        ["id"],
        postgresql_where=sa.text("published_at IS NULL"),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in ("outbox", "analysis_results", "request_keys", "analysis_requests"):
        op.drop_table(table)
    op.execute("DROP FUNCTION check_request_move()")
    for table in ("request_moves", "price_history", "products", "categories"):
        op.drop_table(table)
