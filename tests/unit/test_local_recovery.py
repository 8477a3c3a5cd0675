"""What a killed stack left is told apart from what is not its own."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from deployments.local.addresses import Addresses, written_addresses
from deployments.local.errors import StackAlreadyRunning
from deployments.local.folder_lock import FolderLock
from deployments.local.journal import Journal
from deployments.local.processes import ProcessRecord
from deployments.local.recovery import recover, running_stack, stop_running, take_lock
from deployments.local.stack import given_addresses
from settings import Settings
from settings.models import STACK_ENV, PostgresSettings

DSN = "postgresql://me@db/mine"


def killed(journal: Journal) -> Journal:
    """Return the journal of a supervisor whose number is now another process's."""
    return replace(journal, supervisor=replace(journal.supervisor, created=1.0))


def test_a_journal_reads_as_written(tmp_path: Path) -> None:
    journal = Journal.begin()
    journal.addresses = {"EC_POSTGRES__DSN": DSN}
    journal.add(tmp_path, ProcessRecord.of("PostgreSQL", os.getpid(), port=5))
    read = Journal.read(tmp_path)
    assert read is not None
    assert read.to_state() == journal.to_state()
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    seen = running_stack(tmp_path)
    assert seen is not None
    assert seen.supervisor_pid == os.getpid()
    assert written_addresses(tmp_path) == {"EC_POSTGRES__DSN": DSN}


def test_nothing_is_running_where_nothing_was(tmp_path: Path) -> None:
    assert running_stack(tmp_path) is None
    assert stop_running(tmp_path) == []
    assert written_addresses(tmp_path) == {}


def test_a_process_that_inherited_a_servers_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        journal = killed(Journal.begin())
        server = ProcessRecord.of("Valkey", stranger.pid)
        journal.add(tmp_path, replace(server, created=server.created - 60))
        (tmp_path / STACK_ENV).write_text("")
        assert running_stack(tmp_path) is None
        assert recover(tmp_path) == []
        assert stranger.poll() is None
        stranger.kill()
    assert not (tmp_path / STACK_ENV).exists()
    assert Journal.read(tmp_path) is None


def test_one_holder_a_folder(tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    with pytest.raises(StackAlreadyRunning):
        take_lock(tmp_path)
    lock.release()
    again = FolderLock(tmp_path)
    assert again.acquire()
    again.release()


def test_an_address_of_the_users_counts_and_a_stale_one_does_not(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, postgres=PostgresSettings(dsn=SecretStr(DSN)))
    assert given_addresses(settings, tmp_path) == Addresses(postgres_dsn=DSN)
    journal = killed(Journal.begin())
    journal.addresses = {"EC_POSTGRES__DSN": DSN}
    journal.write(tmp_path)
    assert given_addresses(settings, tmp_path) == Addresses()
    # Also where the settings' folder is another than the stack's.
    assert given_addresses(settings, tmp_path / "other") == Addresses()
