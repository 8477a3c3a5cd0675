"""One embedded stack for the whole run; a database of its own for each test."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from deployments.local.stack import LocalStack
from settings import Settings, get_settings
from settings.models import PREFIX, PostgresSettings
from storage.mongo.client import database_for
from storage.postgres.schema import upgrade
from storage.setup import close_stores, setup_stores

hypothesis_settings.register_profile(
    "project", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("project")

#: The tests speak to their own servers only, whatever the shell is set up for.
for name in [name for name in os.environ if name.startswith((PREFIX, "PREFECT_"))]:
    if name != "EC_REQUIRE_BROWSER":
        del os.environ[name]
# Many processes import Prefect: without cached bytecode each takes twice as long.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A shell ignores Ctrl-C for what it runs in the background, and the commands under test inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Give this process an empty data folder, gone at its end: a worker's is its own."""
    folder = tempfile.mkdtemp(prefix="ec-none-")
    os.environ[f"{PREFIX}DATA_DIR"] = folder
    config.add_cleanup(lambda: shutil.rmtree(folder))


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """Real servers, Prefect's among them, in a folder of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ec-tests-"))
    # PostgreSQL runs as another user where the tests run as root: it must get to its data.
    folder.chmod(0o755)
    try:
        with LocalStack(folder, Settings(data_dir=folder), with_prefect=True) as running:
            yield running
    finally:
        close_stores()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(stack: LocalStack) -> str:
    """A migrated database that each test gets a copy of."""
    name = "ec_template"
    with psycopg.connect(str(stack.addresses.postgres_dsn), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    settings = PostgresSettings(dsn=SecretStr(_with_database(stack, name)))
    upgrade(settings)
    close_stores()
    return name


def _with_database(stack: LocalStack, name: str) -> str:
    url = make_url(str(stack.addresses.postgres_dsn)).set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def settings(
    stack: LocalStack,
    template_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Settings of a fresh, empty platform on the running servers; also this process's."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template_database)
    )
    with psycopg.connect(str(stack.addresses.postgres_dsn), autocommit=True) as connection:
        connection.execute(statement)
    for variable, value in platform_environment(stack, name, tmp_path).items():
        monkeypatch.setenv(variable, value)
    get_settings.cache_clear()
    fresh = get_settings()
    setup_stores(fresh)
    yield fresh
    database_for(fresh.mongo).client.drop_database(name)
    close_stores()
    get_settings.cache_clear()
    with psycopg.connect(str(stack.addresses.postgres_dsn), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def platform_environment(stack: LocalStack, name: str, folder: Path) -> dict[str, str]:
    """Return the variables of one test's platform, for this process and its children."""
    return stack.environment() | {
        f"{PREFIX}DATA_DIR": str(folder / "data"),
        f"{PREFIX}POSTGRES__DSN": _with_database(stack, name),
        f"{PREFIX}MONGO__DATABASE": name,
        f"{PREFIX}REDIS__ENVIRONMENT": name.replace("_", "-"),
        f"{PREFIX}KAFKA__TOPIC_PREFIX": name,
        # Kiwi takes seconds to load: the tests of keywords ask for it.
        f"{PREFIX}ANALYSIS__KEYWORD_REVIEWS": "0",
    }
