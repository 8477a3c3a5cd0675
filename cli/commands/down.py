"""`cards down`: stop a platform that was started elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import progress_console, result_console, write_json
from cli.options import DataDirOption, JsonOption, choose_data_dir

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards down",
        "  cards down --data-dir /var/lib/emotion-cards",
        "",
        "[bold]Exit status[/bold]  0 nothing runs any more, also if nothing ran.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("down", epilog=EPILOG)(down)


def down(
    *,
    data_dir: DataDirOption = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds until servers that do not stop are killed.", min=1)
    ] = 60,
    as_json: JsonOption = False,
) -> None:
    """Stop the servers of a data folder, whoever started them. The data stay."""
    choose_data_dir(data_dir)
    from deployments.local.stack import stop_running
    from settings import get_settings

    folder = get_settings().data_dir.resolve()
    with progress_console().status(f"stopping what runs on {folder} …"):
        stopped = stop_running(folder, timeout)
    if as_json:
        write_json({"data_dir": str(folder), "stopped": stopped})
    elif stopped:
        result_console().print(f"Stopped: {', '.join(stopped)}.", markup=False)
    else:
        result_console().print(f"Nothing was running on {folder}.", markup=False)
