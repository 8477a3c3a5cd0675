"""Prefect's server and UI, on PostgreSQL: SQLite locks up under concurrent runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import quote

import psycopg

from deployments.local.binaries import in_package
from deployments.local.child import Launch
from deployments.local.http_probe import http_status
from deployments.local.ports import HOST
from deployments.local.postgres_cluster import make_database
from deployments.local.prefect_environment import KEY, client_environment, process_environment
from deployments.local.server import Server, Site

DATABASE = "prefect"
#: Seconds open requests and event streams get when the server stops.
LAST_REQUESTS = 3
APP = "prefect.server.api.server:create_app"


class PrefectServer(Server):
    """Flows, schedules and runs. All its services run: idle, they take 2 % of a core."""

    name = "Prefect"
    key = KEY
    variable = "EC_PREFECT__API_URL"
    field = "prefect_api_url"
    needs = frozenset({"postgres"})
    #: The first start makes 50 tables, and compiles Prefect on a fresh machine.
    ready_within: ClassVar[float] = 180

    def __init__(self, site: Site, postgres_dsn: Callable[[], str]) -> None:
        super().__init__(site)
        self._postgres_dsn = postgres_dsn
        self._database_url = ""

    def prepare(self) -> None:
        """Make the folder and the server's own database, beside the platform's."""
        self.site.folder(self.key)
        with self.naming(psycopg.Error):
            make_database(self._postgres_dsn(), DATABASE)
            self._database_url = async_url(self._postgres_dsn(), DATABASE)

    def launch(self) -> Launch:
        """Run the web server itself; `prefect server start` would import Prefect twice."""
        command = [sys.executable, "-m", "uvicorn", "--factory", APP]
        command += ["--host", HOST, "--port", str(self.port), "--log-level", "warning"]
        command += ["--timeout-graceful-shutdown", str(LAST_REQUESTS)]
        return Launch(command, self.log, self._environment())

    def probe(self) -> bool:
        """Whether our server answers."""
        if self.child is None or not self.child.listens_on(self.port):
            return False
        return http_status(f"{self.address()}/health") == 200

    def address(self) -> str:
        """Return the URL of the API; the UI is at its root."""
        return f"http://{HOST}:{self.port}/api"

    def _environment(self) -> dict[str, str]:
        return {
            **process_environment(self.site),
            **client_environment(self.site.data_dir, self.address()),
            **self._static_files(),
            "PREFECT_API_DATABASE_CONNECTION_URL": self._database_url,
            "PREFECT_UI_API_URL": self.address(),
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            # By default any page that the user's browser has open may start runs here: its
            # scripts by CORS, its forms because any body is taken for JSON.
            "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{self.port}",
        }

    def _static_files(self) -> dict[str, str]:
        """Tell where the UI's files go when Prefect cannot put them beside its sources."""
        package = in_package("prefect", "server/__init__.py")
        if package and os.access(package.parent, os.W_OK):
            return {}
        return {"PREFECT_UI_STATIC_DIRECTORY": str(self.site.folder(self.key) / "ui")}


def async_url(dsn: str, database: str) -> str:
    """Return the SQLAlchemy URL of another database on the server that a libpq URL reaches.

    Connects: of several hosts it is the one that answers that counts.

    Raises:
        psycopg.Error: none answers.
    """
    with psycopg.connect(dsn) as connection:
        info = connection.info
        secure = "?ssl=require" if connection.pgconn.ssl_in_use else ""
        user = f"{quote(info.user, safe='')}:{quote(info.password, safe='')}"
        host = f"[{info.host}]" if ":" in info.host else info.host
        return f"postgresql+asyncpg://{user}@{host}:{info.port}/{database}{secure}"
