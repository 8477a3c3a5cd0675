"""Writes cli.md from the command's own help: `python docs/reference/write_cli.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cli.exit_codes import MEANINGS

PAGE = Path(__file__).with_name("cli.md")
COMMANDS = (
    *("demo", "up", "down", "analyze", "reanalyze", "status"),
    *("watch", "result", "compare", "check", "export", "cancel"),
)
HEAD = """\
# The `cards` command

This page is written by `python docs/reference/write_cli.py`; it is the command's own help.

`make demo`, `make up` and `make down` run `cards demo`, `cards up` and `cards down` from the
environment in `.venv`; `ARGS="…"` hands options on. To type `cards` itself, activate the
environment once a terminal: `. .venv/bin/activate`.

A `TASK_ID` may be given whole, as its first characters (four or more), or as `latest`.
Results go to standard output, progress and errors to standard error; with `--json` an error is
one JSON document, `{"error": …, "message": …, "hint": …, "exit_code": …}`. What an error's code
means is told in [states.md](states.md#error-codes).

## Exit status

| status | meaning |
|---|---|
"""


def help_of(*words: str) -> str:
    """Return the help of a command, 100 columns wide and without colours."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    command = [str(Path(sys.executable).with_name("cards")), *words, "--help"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join(line for line in lines if line)


def page() -> str:
    """Return the whole page."""
    statuses = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in MEANINGS.items())
    parts = [f"## `cards`\n\n```text\n{help_of()}\n```\n"]
    parts += [f"## `cards {name}`\n\n```text\n{help_of(name)}\n```\n" for name in COMMANDS]
    return HEAD + statuses + "\n" + "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
