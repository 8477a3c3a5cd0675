"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

JsonOption = Annotated[
    bool, typer.Option("--json", help="Write JSON to stdout, for a program to read.")
]
TaskArgument = Annotated[
    str,
    typer.Argument(
        metavar="TASK_ID",
        help="The analysis: its id, the id's first characters (4 or more), or `latest`.",
        show_default=False,
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of the servers' data, logs and reports.  \\[EC_DATA_DIR, or .data]",
        file_okay=False,
        show_default=False,
    ),
]


def choose_data_dir(folder: Path | None) -> None:
    """Make a folder this process's data folder; None keeps the one of the settings.

    Before the settings are read: the addresses of running servers are looked up in it.
    """
    if folder is not None:
        os.environ["EC_DATA_DIR"] = str(folder.resolve())
