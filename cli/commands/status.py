"""`cards status`: the latest analyses, or one in detail."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import result_console, write_json
from cli.options import JsonOption

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards status",
        "  cards status latest",
        "  cards status 3f2a91c0 --json | jq .status",
        "",
        "[bold]Exit status[/bold]  0, whatever the analyses' status; 3 not found.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", epilog=EPILOG)(status)


def status(
    task_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[TASK_ID]", help="One analysis; left away: the latest.", show_default=False
        ),
    ] = None,
    *,
    limit: Annotated[int, typer.Option(help="How many to list.", min=1, max=1000)] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the latest analyses, or show how one stands."""
    if task_id is None:
        _list(limit, as_json=as_json)
    else:
        _one(task_id, as_json=as_json)


def _list(limit: int, *, as_json: bool) -> None:
    from cli.status_view import as_document, draw_requests
    from settings import get_settings
    from storage.postgres.requests import recent_requests

    requests = recent_requests(get_settings().postgres, limit=limit)
    if as_json:
        write_json([as_document(request, None) for request in requests])
    elif requests:
        result_console().print(draw_requests(requests))
    else:
        result_console().print("No analysis yet. `cards analyze URL` starts one.")


def _one(task_id: str, *, as_json: bool) -> None:
    from cli.status_view import as_document, draw_request
    from cli.task_ids import resolve
    from settings import get_settings
    from storage.postgres.requests import get_request
    from tasks.progress import take_progress

    settings = get_settings()
    whole = resolve(settings, task_id)
    request, progress = get_request(settings.postgres, whole), take_progress(settings, whole)
    if as_json:
        write_json(as_document(request, progress))
    else:
        result_console().print(draw_request(request, progress))
