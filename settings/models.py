"""The settings: environment variables `EC_…`, then the running embedded stack, then defaults.

A nested name is joined by two underscores: `EC_POSTGRES__DSN`, `EC_CRAWL__MAX_PAGES`.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "EC_"
#: Written by the embedded stack while it runs, removed when it stops.
STACK_ENV = "stack.env"


class PostgresSettings(BaseModel):
    """PostgreSQL: requests, results, people, prices."""

    dsn: SecretStr | None = Field(
        None,
        description="libpq URL, `postgresql://user:password@host:5432/db`; several hosts: "
        "`postgresql://user:password@/db?host=a:5432&host=b:5432`. "
        "Empty: the embedded server's.",
    )
    pool_size: int = Field(5, ge=1, le=100, description="Connections one process keeps open.")
    connect_timeout: float = Field(5, gt=0, description="Seconds to wait for a connection.")


class MongoSettings(BaseModel):
    """MongoDB: reviews, queue, cards."""

    dsn: SecretStr | None = Field(
        None,
        description="`mongodb://…` URL of a replica set (transactions need one). "
        "Empty: the embedded server's.",
    )
    database: str = Field("emotion_cards", description="Database name.")
    pool_size: int = Field(20, ge=1, le=500, description="Most connections one process opens.")
    timeout: float = Field(20, gt=0, description="Seconds one operation may take, retries in.")


class RedisSettings(BaseModel):
    """Redis or Valkey: progress and caches. May vanish at any time; nothing is lost."""

    dsn: SecretStr | None = Field(
        None, description="`redis://…` or `rediss://…` URL. Empty: the embedded server's."
    )
    environment: str = Field(
        "dev", pattern=r"^[a-z0-9-]+$", description="First part of every key: `{env}:ec:…`."
    )
    timeout: float = Field(2, gt=0, description="Seconds one operation may take.")


class KafkaSettings(BaseModel):
    """Kafka: events. May vanish at any time; the outbox keeps them."""

    bootstrap: str | None = Field(
        None, description="`host:port,…` of the brokers. Empty: the embedded broker's."
    )
    topic_prefix: str = Field("ec", description="Topics are `{prefix}.{aggregate}`.")
    timeout: float = Field(10, gt=0, description="Seconds a batch of events may take.")


class PrefectSettings(BaseModel):
    """The Prefect server that flows report to."""

    api_url: str | None = Field(
        None, description="`http://host:4200/api`. Empty: the embedded server's."
    )
    work_pool: str = Field(
        "emotion-cards", description="Process work pool of the deployments and the worker."
    )


class CrawlSettings(BaseModel):
    """How politely and how far pages are read."""

    user_agent: str = Field(
        "emotion-cards/0.1 (+https://github.com/emotion-cards/emotion-cards)",
        description="Sent with every request and matched against robots.txt.",
    )
    requests_per_second: float = Field(
        2.0, gt=0, le=1000, description="Most requests a second to one host."
    )
    concurrency_per_host: int = Field(
        2, ge=1, le=32, description="Most requests under way to one host at once."
    )
    max_pages: int = Field(
        2000, ge=1, description="Review pages read of one product; more ends as `max_pages`."
    )
    max_reviews: int = Field(
        1_000_000, ge=1, description="Reviews read of one product; more ends as `max_reviews`."
    )
    max_body_bytes: int = Field(
        10_000_000, ge=1000, description="Largest body, after decompression, in bytes."
    )
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed for one page.")
    connect_timeout: float = Field(5, gt=0, description="Seconds to connect.")
    read_timeout: float = Field(20, gt=0, description="Seconds between two pieces of a body.")
    total_timeout: float = Field(60, gt=0, description="Seconds for one page, all in all.")
    max_retry_after: float = Field(
        120, ge=0, description="Longest wait, in seconds, that a host may ask for."
    )
    page_attempts: int = Field(
        4, ge=1, le=20, description="Tries at one page that fails in a passing way."
    )
    allowed_private_hosts: list[str] = Field(
        default_factory=list,
        description="`host` or `host:port` on private networks that may be read, as JSON: "
        '`["127.0.0.1:8080"]`.',
    )
    site_rules: Path | None = Field(
        None, description="TOML file with CSS rules for sites without schema.org data."
    )
    batch_rows: int = Field(1000, ge=1, le=5000, description="Rows of a file read as one batch.")


class QueueSettings(BaseModel):
    """The queue of chunks between crawl and cards."""

    chunk_reviews: int = Field(1000, ge=1, le=5000, description="Reviews of one chunk.")
    chunk_wait: float = Field(
        0.5, ge=0, description="Seconds the first reviews wait for their chunk to fill."
    )
    lease_seconds: float = Field(
        30, ge=1, description="A worker silent for this long loses its chunk."
    )
    max_attempts: int = Field(
        3, ge=1, le=20, description="Tries at one chunk; then it is halved, at one review dead."
    )
    retry_base: float = Field(
        0.5, gt=0, description="Seconds before the second try; doubles each time, with jitter."
    )


class AnalysisSettings(BaseModel):
    """How cards are made."""

    large_from: int = Field(
        20_000, ge=1, description="From this many expected reviews on, cards are made in processes."
    )
    processes: int = Field(
        default_factory=lambda: os.cpu_count() or 2,
        ge=1,
        le=256,
        description="Processes that make cards of a large analysis.",
    )
    aspects_file: Path | None = Field(
        None,
        description="TOML file of aspect terms of your own; see docs/how-to/add-aspect-terms.md.",
    )
    adapt_reviews: int = Field(
        200_000,
        ge=1000,
        le=2_000_000,
        description="Most reviews with stars that the analyzer is adapted by; 200,000 take about "
        "1 GB and ten minutes.",
    )
    adapt_reviews_a_product: int = Field(
        20_000, ge=100, description="Of these, most that are of one product."
    )
    keyword_reviews: int = Field(
        20_000,
        ge=0,
        le=1_000_000,
        description="Reviews of one analysis whose words are counted for its keywords; of more, a "
        "sample. 0: no keywords are looked for.",
    )


class Settings(BaseSettings):
    """All settings. Values of `EC_…` variables come before those of the embedded stack."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True
    )

    data_dir: Path = Field(
        Path(".data"), description="Folder of the embedded servers' data, logs and the reports."
    )
    reports_url: str | None = Field(
        None,
        description="Address under which the reports' folder is served; `cards up` serves it on "
        "loopback. Empty: links name the file.",
    )
    postgres: PostgresSettings = Field(default_factory=PostgresSettings)
    mongo: MongoSettings = Field(default_factory=MongoSettings)
    redis: RedisSettings = Field(default_factory=RedisSettings)
    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    prefect: PrefectSettings = Field(default_factory=PrefectSettings)
    crawl: CrawlSettings = Field(default_factory=CrawlSettings)
    queue: QueueSettings = Field(default_factory=QueueSettings)
    analysis: AnalysisSettings = Field(default_factory=AnalysisSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the embedded stack's addresses behind the environment's."""
        data_dir = Path(os.environ.get(f"{PREFIX}DATA_DIR", ".data"))
        stack = DotEnvSettingsSource(settings_cls, env_file=data_dir / STACK_ENV)
        return init_settings, env_settings, stack

    @property
    def reports_dir(self) -> Path:
        """Where reports are written."""
        return self.data_dir / "reports"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
