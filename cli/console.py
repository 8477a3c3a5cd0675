"""Where the command writes: what is under way to stderr, what was asked for to stdout."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

#: Columns of tables where there is no terminal to ask.
PLAIN_WIDTH = 110


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PLAIN_WIDTH
    return console


@lru_cache(maxsize=1)
def progress_console() -> Console:
    """Return the console for what is under way; a program that reads us does not see it."""
    return _console(stderr=True)


@lru_cache(maxsize=1)
def result_console() -> Console:
    """Return the console for what was asked for."""
    return _console(stderr=False)


def print_address(console: Console, words: str, page: Path) -> None:
    """Write a page's address on one line, however long: a broken one cannot be opened."""
    console.print(Text.assemble(words, (page.resolve().as_uri(), "underline")), soft_wrap=True)


def write_json(document: Any) -> None:
    """Write a document to stdout for a program to read."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
