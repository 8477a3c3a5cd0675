"""Ports, programs, passwords and folders of the embedded stack."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import sys
from pathlib import Path

import pytest

from deployments.local.binaries import find_program, runnable
from deployments.local.errors import ServerUnavailable
from deployments.local.http_probe import http_status
from deployments.local.passwords import Passwords
from deployments.local.ports import HOST, RANGE, PortBook, is_free
from deployments.local.prefect_environment import past_proxies
from deployments.local.private_file import write_private
from deployments.local.system_user import SystemUser
from deployments.local.termination import Termination


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    port = PortBook(file).take("valkey")
    assert port in RANGE
    assert PortBook(file).take("valkey") == port
    assert PortBook(file).take("mongo") != port
    with socket.create_server((HOST, port)):
        assert not is_free(port)
        assert http_status(f"http://{HOST}:{port}/") is None
        other = PortBook(file).take("valkey")
    assert other != port
    assert PortBook(file).take("valkey") == other


def test_passwords_stay_and_are_private(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    password = Passwords(file).of("postgres")
    assert len(password) >= 32
    assert Passwords(file).of("postgres") == password
    assert Passwords(file).of("valkey") != password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_private_file_is_whole_or_not_there(tmp_path: Path) -> None:
    write_private(tmp_path / "file", "가")
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "file", "\ud800")
    assert (tmp_path / "file").read_text() == "가"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_missing_program_points_to_the_ways_out(tmp_path: Path) -> None:
    with pytest.raises(ServerUnavailable, match=r"deployments/compose.*EC_MONGO__DSN") as caught:
        find_program(
            "MongoDB",
            "no-such-program",
            package="no_such_package",
            relative="bin/mongod",
            variable="EC_MONGO__DSN",
            spare=tmp_path,
        )
    assert "\n" not in str(caught.value)


def test_a_program_on_path_stands_in_for_a_wheel(tmp_path: Path) -> None:
    program = find_program(
        "Shell", "sh", package="no_such_package", relative="sh", variable="X", spare=tmp_path
    )
    assert program == Path(shutil.which("sh") or "")


def test_a_program_packed_without_its_run_bit_is_given_it(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o644)
    assert os.access(runnable(program, tmp_path), os.X_OK)


@pytest.mark.parametrize(("mode", "enters"), [(0o755, True), (0o711, True), (0o700, False)])
def test_a_user_enters_only_open_folders(tmp_path: Path, mode: int, *, enters: bool) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(mode)
    stranger = SystemUser("stranger", uid=os.geteuid() + 4321, gid=os.getegid() + 4321)
    # Of the folders above only this one's own bit is looked at here.
    assert stranger._may_pass(folder) is enters
    owner = SystemUser("owner", os.geteuid(), os.getegid())
    assert owner.may_enter(folder)


def test_proxies_are_kept_out_of_the_way_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert past_proxies() == {}
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "intranet")
    assert past_proxies()["NO_PROXY"] == "intranet,127.0.0.1,localhost"


def test_signals_leave_once_and_are_then_held_off() -> None:
    before = signal.getsignal(signal.SIGTERM)
    termination = Termination()
    termination.catch()
    try:
        with pytest.raises(SystemExit) as caught:
            signal.raise_signal(signal.SIGTERM)
        assert caught.value.code == 128 + signal.SIGTERM
        # The impatient second one, while we unwind.
        signal.raise_signal(signal.SIGINT)
        with termination.held_off():
            signal.raise_signal(signal.SIGINT)
    finally:
        termination.release()
    assert signal.getsignal(signal.SIGTERM) is before
    assert sys.exc_info() == (None, None, None)
