"""The command as a program sees it: statuses, streams, and what it must not import."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app, run
from settings import get_settings

COMMANDS = (
    "demo",
    "up",
    "down",
    "analyze",
    "status",
    "watch",
    "result",
    "compare",
    "check",
    "export",
    "cancel",
    "reanalyze",
    "adapt",
)
HEAVY = ("prefect", "sqlalchemy", "psycopg", "pymongo", "redis", "confluent_kafka", "pandas")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int | str | None
    stdout: str
    stderr: str


def cards(*arguments: str, folder: Path) -> Ended:
    """Run the whole command with nothing set and no servers, in this process: in a moment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EC_")}
    nothing_set = kept | {"EC_DATA_DIR": str(folder), "NO_COLOR": "1"}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    hook = sys.excepthook
    with pytest.MonkeyPatch.context() as patched:
        for name in set(os.environ) - set(nothing_set):
            patched.delenv(name)
        for name, value in nothing_set.items():
            patched.setenv(name, value)
        patched.setattr(sys, "argv", ["cards", *arguments])
        patched.setattr(sys, "stdout", out)
        patched.setattr(sys, "stderr", err)
        get_settings.cache_clear()
        try:
            run()
            status: int | str | None = 0
        except SystemExit as ended:
            status = ended.code or 0
        finally:
            get_settings.cache_clear()
            sys.excepthook = hook
    return Ended(status, *(_written(stream) for stream in (out, err)))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined]


def test_importing_the_command_imports_no_driver_and_no_prefect() -> None:
    code = f"import sys, cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def in_process(*arguments: str) -> Result:
    """Run what ends before anything is started: help, and usage that Typer refuses."""
    return CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, arguments)


def test_the_help_names_every_command_and_status() -> None:
    done = in_process("--help")
    assert done.exit_code == 0
    for command in COMMANDS:
        assert f" {command} " in done.stdout
    assert "69  a store or a server is not there" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_examples(command: str) -> None:
    done = in_process(command, "--help")
    assert done.exit_code == 0
    assert f"cards {command}" in done.stdout.partition("Examples")[2]
    assert "Exit status" in done.stdout


def test_without_servers_one_line_says_what_to_do(tmp_path: Path) -> None:
    done = cards("status", folder=tmp_path)
    assert (done.returncode, done.stdout) == (69, "")
    assert len(done.stderr.splitlines()) == 1
    assert "cards up" in done.stderr
    assert "EC_POSTGRES__DSN" in done.stderr


def test_a_program_gets_the_error_as_json(tmp_path: Path) -> None:
    done = cards("result", "latest", "--json", folder=tmp_path)
    error = json.loads(done.stderr)
    assert error["error"] == "store_unavailable"
    assert error["exit_code"] == done.returncode == 69
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["result"],
        ["analyze"],
        ["analyze", "a.csv", "--resume", "latest"],
        ["analyze", "--max-reviews", "0", "https://x.example"],
        ["demo", "--all", "--product", "x"],
        ["status", "--limit", "many"],
        ["export", "latest"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    done = in_process(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error" in done.stderr


def test_a_value_we_refuse_is_2_too(tmp_path: Path) -> None:
    done = cards("export", "latest", "--to", "cards.txt", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("invalid_request: cards.txt")


@pytest.mark.parametrize("command", [["analyze"], ["demo", "--reviews"]])
def test_a_missing_file_is_told_without_any_server(command: list[str], tmp_path: Path) -> None:
    done = cards(*command, "nowhere.csv", folder=tmp_path)
    assert (done.returncode, done.stdout) == (74, "")
    assert done.stderr.splitlines() == [
        "file_unreadable: nowhere.csv: no such file",
        "  check the path; a web address begins with https://",
    ]


@pytest.mark.parametrize("command", [["analyze"], ["demo", "--reviews"]])
@pytest.mark.parametrize("best", ["1", "0.5", "2000", "inf", "nan"])
def test_a_scale_that_cannot_be_is_told_without_any_server(
    command: list[str], best: str, tmp_path: Path
) -> None:
    file = tmp_path / "few.jsonl"
    file.write_text('{"id": 1, "text": "좋아요", "rating": 5}\n', encoding="utf-8")
    done = cards(*command, str(file), "--rating-max", best, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("invalid_request: the best rating of a scale is above 1 and at")


def test_a_program_gets_the_hint_that_fits(tmp_path: Path) -> None:
    done = cards("analyze", "htp://shop.example/p", "--json", folder=tmp_path)
    error = json.loads(done.stderr)
    assert (error["error"], error["exit_code"], done.returncode) == ("invalid_request", 2, 2)
    assert "https://" in error["hint"]
    assert "PRIVATE_HOSTS" not in done.stderr


@pytest.mark.parametrize(
    ("row", "code"), [('{"body": "좋아요"}', "column_missing"), ("나무", "file_unreadable")]
)
def test_the_demo_hints_at_what_helps_there(row: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(row + "\n", encoding="utf-8")
    done = cards("demo", "--reviews", str(file), folder=tmp_path)
    assert done.returncode == (74 if code == "file_unreadable" else 1)
    assert f"{code}: " in done.stderr
    hint = done.stderr.splitlines()[-1]
    assert "the demo reads JSON lines" in hint
    assert "cards analyze FILE --column text=NAME" in hint


def test_down_where_nothing_runs_is_done(tmp_path: Path) -> None:
    done = cards("down", "--json", folder=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["stopped"] == []


def test_a_folder_that_cannot_be_made_is_74(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = cards("up", "--demo-shop", folder=file / "data")
    assert done.returncode == 74
    assert "file_error" in done.stderr


FAULT = """
import sys
import cli.main as main
from cli.commands import status

def fault(limit, *, as_json):
    raise ZeroDivisionError("[red]a fault")

status._list = fault
main.run()
"""


@pytest.mark.parametrize(("debug", "code"), [([], 70), (["--debug"], 1)])
def test_a_fault_of_ours_is_a_line_and_a_file(debug: list[str], code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULT, *debug, "status"],
        env=dict(os.environ) | {"EC_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert ("Traceback" in done.stderr) == bool(debug)
    logs = list((tmp_path / "logs").glob("fault-*.log")) if not debug else []
    if not debug:
        assert "ZeroDivisionError: [red]a fault" in done.stderr
        assert "Traceback" in logs[0].read_text()
