"""Where the servers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from deployments.local.journal import Journal
from settings import Settings

#: The field of `Addresses` → the variable that `Settings` reads it from.
VARIABLES = {
    "postgres_dsn": "EC_POSTGRES__DSN",
    "mongo_dsn": "EC_MONGO__DSN",
    "redis_dsn": "EC_REDIS__DSN",
    "kafka_bootstrap": "EC_KAFKA__BOOTSTRAP",
    "prefect_api_url": "EC_PREFECT__API_URL",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address of each server; None where there is none."""

    postgres_dsn: str | None = None
    mongo_dsn: str | None = None
    redis_dsn: str | None = None
    kafka_bootstrap: str | None = None
    prefect_api_url: str | None = None

    @classmethod
    def in_settings(cls, settings: Settings) -> Addresses:
        """Return the addresses that settings name."""
        postgres, mongo, redis = settings.postgres.dsn, settings.mongo.dsn, settings.redis.dsn
        return cls(
            postgres_dsn=postgres.get_secret_value() if postgres else None,
            mongo_dsn=mongo.get_secret_value() if mongo else None,
            redis_dsn=redis.get_secret_value() if redis else None,
            kafka_bootstrap=settings.kafka.bootstrap or None,
            prefect_api_url=settings.prefect.api_url or None,
        )

    def variables(self) -> dict[str, str]:
        """Return the `EC_…` variables that tell these addresses."""
        return {VARIABLES[name]: value for name, value in asdict(self).items() if value}

    def without(self, others: Mapping[str, str]) -> Addresses:
        """Return the addresses but for those that `others` (by variable) has alike."""
        kept = {
            name: value
            for name, value in asdict(self).items()
            if value and others.get(VARIABLES[name]) != value
        }
        return Addresses(**kept)


def written_addresses(data_dir: Path) -> dict[str, str]:
    """Return the addresses, by variable, of the servers that a stack runs on a data folder.

    Those of a killed stack are still there until the next start; none if there is nothing.
    """
    journal = Journal.read(data_dir)
    return journal.addresses if journal else {}
