"""The embedded stack: real servers, started, used, stopped, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from confluent_kafka.admin import AdminClient
from local_stacks import ELSEWHERE, Supervisor, alive, open_folder, records, servers_only
from pydantic import SecretStr
from pymongo import MongoClient

from deployments.local import recovery
from deployments.local.errors import ServerDied, StackAlreadyRunning
from deployments.local.stack import LocalStack, running_stack, stop_running
from settings import Settings
from settings.models import KafkaSettings, MongoSettings, PostgresSettings


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def remember(addresses: dict[str, str], word: str) -> None:
    """Write a word into each server that keeps what it is given."""
    with psycopg.connect(addresses["EC_POSTGRES__DSN"], autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text PRIMARY KEY)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])
    with MongoClient(addresses["EC_MONGO__DSN"]) as client, client.start_session() as session:
        session.with_transaction(
            lambda inside: client.test.words.insert_one({"_id": word}, session=inside)
        )


def remembered(addresses: dict[str, str]) -> tuple[set[str], set[str]]:
    """Return the words that PostgreSQL and MongoDB have."""
    with psycopg.connect(addresses["EC_POSTGRES__DSN"]) as connection:
        rows = {row[0] for row in connection.execute("SELECT word FROM words")}
    with MongoClient(addresses["EC_MONGO__DSN"]) as client:
        return rows, {document["_id"] for document in client.test.words.find()}


def test_four_servers_run_and_leave_nothing_but_their_data(data_dir: Path) -> None:
    with servers_only(data_dir) as stack:
        first = stack.environment()
        remember(first, "사과")
        with psycopg.connect(first["EC_POSTGRES__DSN"], autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            trigrams = connection.execute("SELECT show_trgm('사과')").fetchone()
            assert trigrams is not None
            assert trigrams[0], "Hangul must be letters to pg_trgm"
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        with redis.Redis.from_url(first["EC_REDIS__DSN"]) as client:
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        topics = AdminClient({"bootstrap.servers": first["EC_KAFKA__BOOTSTRAP"]})
        assert topics.list_topics(timeout=5).brokers
        known = records(stack.process_ids())
        assert {record.name for record in known} == {"PostgreSQL", "MongoDB", "Valkey", "Tansu"}
        stack.check()

    assert alive(known) == []
    assert not (data_dir / "stack.env").exists()
    assert running_stack(data_dir) is None
    with servers_only(data_dir) as stack:
        assert stack.environment() == first, "ports and passwords stay"
        assert remembered(first) == ({"사과"}, {"사과"})


def test_other_processes_find_a_running_stack(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Supervisor(data_dir, variables=ELSEWHERE) as supervisor:
        file = data_dir / "stack.env"
        assert file.stat().st_mode & 0o777 == 0o600
        monkeypatch.setenv("EC_DATA_DIR", str(data_dir))
        dsn = Settings().redis.dsn
        assert dsn is not None
        assert dsn.get_secret_value() == supervisor.environment["EC_REDIS__DSN"]
        seen = running_stack(data_dir)
        assert seen is not None
        assert seen.supervisor_pid == supervisor.process.pid
        assert [server.name for server in seen.servers] == ["Valkey"]


def test_a_second_stack_on_a_folder_is_refused_by_name(data_dir: Path) -> None:
    with Supervisor(data_dir, variables=ELSEWHERE) as supervisor:
        with pytest.raises(StackAlreadyRunning, match=str(supervisor.process.pid)):
            servers_only(data_dir).start()
        assert alive(supervisor.servers) == ["Valkey"]
        assert stop_running(data_dir, timeout=10) == ["Valkey"]
        assert supervisor.process.wait(5) == 128 + signal.SIGTERM
        assert alive(supervisor.servers) == []
        assert stop_running(data_dir) == []


def test_servers_of_a_killed_stack_die_and_its_data_live(data_dir: Path) -> None:
    with Supervisor(data_dir) as supervisor:
        remember(supervisor.environment, "감자")
        supervisor.end(signal.SIGKILL)
    assert running_stack(data_dir) is None
    with servers_only(data_dir) as stack:
        # Not told by its stale file, which settings read too, that its servers are elsewhere.
        assert len(stack.process_ids()) == 4
        assert alive(supervisor.servers) == []
        assert remembered(stack.environment()) == ({"감자"}, {"감자"})


def test_a_killed_stack_can_be_cleared_away_without_a_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "LAST_WORDS", 0.2)
    monkeypatch.setattr(recovery, "GRACE", 0.2)
    with Supervisor(data_dir, variables=ELSEWHERE) as supervisor:
        # Frozen, the server cannot obey the kernel: it has to be killed.
        [valkey] = supervisor.servers
        os.kill(valkey.pid, signal.SIGSTOP)
        supervisor.end(signal.SIGKILL)
        assert alive(supervisor.servers) == ["Valkey"]
        assert stop_running(data_dir) == ["Valkey"]
        assert alive(supervisor.servers) == []
        assert not (data_dir / "stack.env").exists()


def test_ctrl_c_while_starting_leaves_nothing(data_dir: Path) -> None:
    with Supervisor(data_dir, wait=False) as supervisor:
        while (
            not (journal := data_dir / "stack.json").exists()
            or not (json.loads(journal.read_text())["servers"])
        ):
            assert supervisor.process.poll() is None
        # Once more while it cleans up, as impatient people do.
        supervisor.process.send_signal(signal.SIGINT)
        supervisor.end(signal.SIGINT)
    lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert [line for line in lines if str(data_dir) in " ".join(line)] == []
    assert not journal.exists()


def test_two_stacks_run_side_by_side(data_dir: Path) -> None:
    with open_folder() as other, servers_only(data_dir) as one, servers_only(other) as two:
        mine, theirs = one.environment(), two.environment()
        assert not set(mine.values()) & set(theirs.values())
        remember(mine, "하나")
        remember(theirs, "둘")
        assert remembered(mine) == ({"하나"}, {"하나"})
        assert remembered(theirs) == ({"둘"}, {"둘"})


def test_a_server_that_dies_is_named_with_the_end_of_its_log(data_dir: Path) -> None:
    stack = servers_only(data_dir)
    with stack:
        remember(stack.environment(), "무")
        mongod = stack.process_ids()["MongoDB"][0]
        postgres = stack.process_ids()["PostgreSQL"][0]
        os.kill(mongod, signal.SIGKILL)
        with pytest.raises(ServerDied, match=r"MongoDB died \(ended by signal 9\)") as caught:
            wait_for_death(stack)
        assert len(caught.value.log_lines) > 5
        assert caught.value.name == "MongoDB"
        os.kill(postgres, signal.SIGKILL)
    # Both start again from what they had on disk, on another port if theirs is taken.
    port = int(stack.environment()["EC_MONGO__DSN"].split(":")[3].split("/")[0])
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        again = servers_only(data_dir)
        with again:
            assert f":{port}/" not in again.environment()["EC_MONGO__DSN"]
            assert remembered(again.environment()) == ({"무"}, {"무"})


def wait_for_death(stack: LocalStack) -> None:
    """Look until the stack notices."""
    while True:
        stack.check()


def test_given_servers_are_used_and_not_started(data_dir: Path) -> None:
    settings = Settings(
        data_dir=data_dir,
        postgres=PostgresSettings(dsn=SecretStr("postgresql://me@db/mine")),
        mongo=MongoSettings(dsn=SecretStr("mongodb://db/?replicaSet=mine")),
        kafka=KafkaSettings(bootstrap="broker:9092"),
    )
    with LocalStack(data_dir, settings, with_prefect=False) as stack:
        assert list(stack.process_ids()) == ["Valkey"]
        own = replace(stack.addresses, redis_dsn=None)
        assert own.variables() == {
            "EC_POSTGRES__DSN": "postgresql://me@db/mine",
            "EC_MONGO__DSN": "mongodb://db/?replicaSet=mine",
            "EC_KAFKA__BOOTSTRAP": "broker:9092",
        }
        assert "me@db" not in (data_dir / "stack.env").read_text()
