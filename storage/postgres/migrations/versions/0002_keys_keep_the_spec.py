"""An idempotency key keeps all of what was asked under it, not the location alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column, empty where nobody knows any more.

    Workers of the release before go on writing keys without it: their code stays right.
    """
    op.add_column("request_keys", sa.Column("spec", JSONB))
    # A key of the transaction that made the request asked for just what the request has. One
    # that came later and shared it may have asked otherwise, and nobody wrote that down.
    op.execute(
        "UPDATE request_keys SET spec = request.spec FROM analysis_requests AS request "
        "WHERE request.id = request_keys.request_id "
        "AND request.requested_at = request_keys.created_at"
    )


def downgrade() -> None:
    """Forget it; the location stays."""
    op.drop_column("request_keys", "spec")
