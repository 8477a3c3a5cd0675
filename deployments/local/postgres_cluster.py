"""PostgreSQL's data: made by initdb, checked for remains of an earlier run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from signal import SIGINT, SIGTERM
from typing import NamedTuple

import psutil
import psycopg
from psycopg import sql

from deployments.local.child import Child, Launch
from deployments.local.errors import ServerDied
from deployments.local.postgres_home import PostgresHome
from deployments.local.private_file import write_private
from deployments.local.processes import end, family

#: Seconds initdb may take; it writes 40 MB.
INITDB_TIME = 120
#: Seconds a server that somebody left running may take to stop.
LEFTOVER_TIME = 30
#: Not the locale of whoever makes the cluster, so that it sorts alike everywhere.
INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
)
#: pg_trgm still asks the operating system what a letter is, and under C no Hangul is one.
#: The first of these that the machine has: glibc and musl, older macOS.
LETTERS = ("C.UTF-8", "en_US.UTF-8")


class PidFile(NamedTuple):
    """What a running server writes into its data folder."""

    pid: int
    status: str


def read_pid_file(data: Path) -> PidFile | None:
    """Return who runs on the data; None if nobody, or nobody has finished writing it."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    # Eight lines, the last is the status; they are written one after the other.
    return PidFile(int(lines[0]), lines[7].strip()) if len(lines) > 7 else None


def make_cluster(
    home: PostgresHome, user: str, password: str, *, log: Path, environment: Mapping[str, str]
) -> None:
    """Make the cluster in `home.folder/data`, whole or not at all.

    Raises:
        ServerDied: initdb failed.
    """
    fresh, secret = home.folder / "data.new", home.folder / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    write_private(secret, password)
    home.give(secret)
    command = [str(home.programs / "initdb"), "-D", str(fresh), *INITDB]
    command += [f"--username={user}", f"--pwfile={secret}"]
    try:
        for letters in LETTERS:
            words = [*command, f"--lc-ctype={letters}"]
            child = Child(Launch(words, log, environment, home.user), SIGTERM)
            if (code := child.finish(INITDB_TIME)) == 0:
                fresh.rename(home.folder / "data")
                return
    finally:
        secret.unlink()
    raise ServerDied("PostgreSQL's initdb", code, log, child.log_lines())


def clear_leftovers(data: Path) -> None:
    """Stop a server that still runs on the data, and forget one that does not.

    The server would refuse to start when the number in its stale file has passed to another
    process of the same user. That process is left alone: only a command line that names this
    very folder makes a process ours. With no process at all, the server checks for itself.
    """
    file = data / "postmaster.pid"
    if not file.exists():
        return
    number = file.read_text().partition("\n")[0]
    if not number.isdigit():  # killed before it was written; the server refuses that, too
        file.unlink()
    elif process := running_process(int(number)):
        if str(data) in process.cmdline():
            end(family(process.pid), SIGINT, LEFTOVER_TIME)
        else:
            file.unlink()


def running_process(pid: int) -> psutil.Process | None:
    """Return the process of that number, None if there is none."""
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def make_database(dsn: str, database: str) -> None:
    """Make a database on the server if it has none of that name.

    Raises:
        psycopg.Error: no connection, or no right to.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
