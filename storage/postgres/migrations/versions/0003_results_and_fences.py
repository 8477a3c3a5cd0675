"""A result is there if and only if its request ended with one; a crawl's writes are fenced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the fence and the triggers.

    Workers of the release before go on: they write a result and its move in one transaction,
    and leave the fence at 0. Rows that stand already are not looked at, only what changes.
    """
    op.add_column(
        "analysis_requests",
        sa.Column("crawl_fence", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    _function()
    # Deferred: the result and the move come in one transaction, in whichever order.
    op.execute(
        "CREATE CONSTRAINT TRIGGER analysis_requests_result "
        "AFTER UPDATE OF status ON analysis_requests DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW WHEN (OLD.status <> NEW.status) "
        "EXECUTE FUNCTION check_request_result()"
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER analysis_results_request "
        "AFTER INSERT OR DELETE OR UPDATE OF request_id ON analysis_results "
        "DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_request_result()"
    )


def _function() -> None:
    """Create the check. It looks at what the transaction leaves, not at the row it fired for."""
    op.execute(
        """
        CREATE FUNCTION check_request_result() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            touched uuid[];
            broken record;
        BEGIN
            IF TG_TABLE_NAME = 'analysis_requests' THEN
                touched := ARRAY[NEW.id];
            ELSE
                touched := ARRAY[OLD.request_id, NEW.request_id];
            END IF;
            SELECT request.id, request.status, result.request_id IS NOT NULL AS has_result
            INTO broken
            FROM analysis_requests AS request
            LEFT JOIN analysis_results AS result ON result.request_id = request.id
            WHERE request.id = ANY (touched)
            AND (request.status IN ('completed', 'partial')) <> (result.request_id IS NOT NULL);
            IF FOUND THEN
                RAISE EXCEPTION 'request % cannot be % % a result', broken.id, broken.status,
                    CASE WHEN broken.has_result THEN 'with' ELSE 'without' END
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TRIGGER analysis_results_request ON analysis_results")
    op.execute("DROP TRIGGER analysis_requests_result ON analysis_requests")
    op.execute("DROP FUNCTION check_request_result()")
    op.drop_column("analysis_requests", "crawl_fence")
