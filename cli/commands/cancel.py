"""`cards cancel`: stop an analysis for good."""

from __future__ import annotations

import typer

from cli.console import result_console, write_json
from cli.options import JsonOption, TaskArgument
from domain.errors import IllegalMove

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards cancel latest",
        "",
        "[bold]Exit status[/bold]  0 it is cancelled, 1 it had ended otherwise, 3 not found.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cancel", epilog=EPILOG)(cancel)


def cancel(task_id: TaskArgument, *, as_json: JsonOption = False) -> None:
    """Cancel an analysis. Its workers stop at once; what was read so far stays."""
    from cli.task_ids import resolve
    from domain.requests import RequestStatus
    from settings import get_settings
    from storage.postgres.requests import get_request
    from tasks.endings import cancel_request

    settings = get_settings()
    whole = resolve(settings, task_id)
    moved = cancel_request(settings, whole)
    status = get_request(settings.postgres, whole).status
    if status is not RequestStatus.CANCELLED:
        raise IllegalMove(f"analysis {whole} has ended as {status}; it cannot be cancelled")
    if as_json:
        write_json({"task_id": whole, "status": str(status), "cancelled_now": moved})
    else:
        words = "is cancelled" if moved else "was cancelled before"
        result_console().print(f"Analysis {whole} {words}.")
