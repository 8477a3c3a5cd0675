"""Errors on their way out: one line for a person or one document for a program."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from rich.text import Text

from cli.console import progress_console
from cli.exit_codes import ExitCode, code_of_error
from cli.failures import AnalysisFailed
from cli.hints import hint_for
from cli.logs import new_log
from domain.errors import EmotionCardsError


def show_error(error: EmotionCardsError, *, as_json: bool) -> ExitCode:
    """Write an error raised on purpose to stderr; return the exit status that goes with it."""
    code = code_of_error(error)
    if isinstance(error, AnalysisFailed):
        error = error.reason
    hint = hint_for(error)
    if as_json:
        document = {"error": error.code, "message": error.line, "hint": hint, "exit_code": code}
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
        return code
    console = progress_console()
    first, *rest = str(error).strip().splitlines() or [error.line]
    console.print(Text.assemble((f"{error.code}: ", "bold red"), (first, "red")), soft_wrap=True)
    for line in rest:
        console.print(Text(f"  {line}", style="dim"), soft_wrap=True)
    if hint:
        console.print(Text(f"  {hint}", style="yellow"), soft_wrap=True)
    return code


def show_file_error(error: OSError, *, as_json: bool) -> ExitCode:
    """Write a refusal of the file system to stderr."""
    where = f"{error.filename}: " if error.filename else ""
    line = f"{where}{error.strerror or error}"
    if as_json:
        code = ExitCode.FILE
        document = {"error": "file_error", "message": line, "hint": None, "exit_code": code}
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        progress_console().print(Text(f"file_error: {line}", style="red"), soft_wrap=True)
    return ExitCode.FILE


def last_word(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Take the place of `sys.excepthook`: a fault of ours is one line, its traceback a file."""
    told = "".join(traceback.format_exception(kind, error, trace))
    log = new_log(Path(os.environ.get("EC_DATA_DIR", ".data")), "fault")
    log.write_text(told, encoding="utf-8", errors="backslashreplace")
    line = f"fault: {kind.__name__}: {' '.join(str(error).split())[:300]}"
    console = progress_console()
    console.print(Text(line, style="bold red"), soft_wrap=True)
    console.print(Text(f"  traceback: {log}  (or run `cards --debug …`)", style="yellow"))
    # Without this the interpreter's status would be 1, which means a failed analysis.
    sys.exit(ExitCode.FAULT)
