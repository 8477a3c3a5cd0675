"""`cards watch`: an analysis that somebody else runs."""

from __future__ import annotations

import typer

from cli.console import progress_console
from cli.options import JsonOption, TaskArgument

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards watch latest",
        "  cards watch 3f2a91c0 --json > result.json",
        "",
        "[bold]Exit status[/bold]  that of the analysis: 0, 4 partial, 1 failed, 5 cancelled.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch", epilog=EPILOG)(watch)


def watch(task_id: TaskArgument, *, as_json: JsonOption = False) -> None:
    """Watch an analysis to its end, then show its result. Ctrl-C stops only the watching."""
    from cli.commands.result import show_result
    from cli.following import follow
    from cli.screens import screen_for
    from cli.task_ids import resolve
    from settings import get_settings

    settings = get_settings()
    whole = resolve(settings, task_id)
    follow(settings, whole, screen_for(progress_console(), quiet=as_json))
    show_result(settings, whole, as_json=as_json)
