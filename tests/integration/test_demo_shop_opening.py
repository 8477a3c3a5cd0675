"""Opening and closing the demo shop, in a program and alone."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.shop import DemoShop
from domain.errors import ColumnMissing, FileUnreadable, InvalidRequest


def test_opening_and_closing_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    shop = DemoShop()
    for _ in range(3):
        with shop, httpx.Client(base_url=shop.url) as client:
            url = shop.url
            assert client.get("/").status_code == 200
            assert set(threading.enumerate()) != before
        assert set(threading.enumerate()) <= before
        assert shop.products == ()
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)
    with pytest.raises(InvalidRequest, match="not open"):
        _ = shop.url


def test_a_failed_opening_leaves_nothing_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_text('{"body": "x"}\n')
    for path, error in ((nothing, ColumnMissing), (tmp_path / "no.jsonl", FileUnreadable)):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with pytest.raises(error), DemoShop(port=port, reviews_file=path):
            pass
        with DemoShop(port=port) as shop:
            assert shop.url.endswith(f":{port}")
    assert set(threading.enumerate()) <= before


def test_a_taken_port_is_named() -> None:
    with DemoShop() as shop:
        port = int(shop.url.rpartition(":")[2])
        wanted = f"port {port} on 127.0.0.1 is in use"
        with pytest.raises(InvalidRequest, match=wanted), DemoShop(port=port):
            pass


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": "0.0.0.0"}, "loopback only"),
        ({"host": "shop.example"}, "not an address"),
        ({"port": 70_000}, "not a port"),
    ],
)
def test_the_shop_opens_on_loopback_only(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words), DemoShop(**options):
        pass


@pytest.mark.parametrize(
    "options", [{"page_size": 0}, {"scale": 0}, {"limit": -1}, {"rating_max": 1}]
)
def test_numbers_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        DemoShop(**options)


def run_shop(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "demo.shop", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_runs_alone_until_it_is_told_to_stop() -> None:
    with run_shop("--port", "0") as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx.get(url).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--prot", "1"], 2, "--port"),
        (["--reviews", "nowhere.jsonl"], 1, "nowhere.jsonl"),
        (["--scale", "0"], 1, "scale must be 1 or more"),
    ],
)
def test_slips_on_the_command_line_are_explained(
    arguments: list[str], code: int, words: str
) -> None:
    with run_shop("--port", "0", *arguments) as process:
        _, errors = process.communicate(timeout=20)

    assert process.returncode == code
    assert words in errors
    assert "Traceback" not in errors
