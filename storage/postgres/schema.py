"""Bringing the schema to its newest version; safe to run twice and beside itself."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from settings.models import PostgresSettings
from storage.postgres.engine import engine_for, translated

_MIGRATIONS = Path(__file__).parent / "migrations"
#: Two processes that start at once: the second waits, then finds nothing to do.
_SCHEMA_LOCK = 0x45_43_73_63


def upgrade(settings: PostgresSettings, revision: str = "head") -> None:
    """Bring the schema to `revision`, in one transaction."""
    _run(settings, revision, down=False)


def downgrade(settings: PostgresSettings, revision: str) -> None:
    """Bring the schema back to `revision` ("base": nothing)."""
    _run(settings, revision, down=True)


def _run(settings: PostgresSettings, revision: str, *, down: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with translated(), engine_for(settings).begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
