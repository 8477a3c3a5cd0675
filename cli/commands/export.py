"""`cards export`: the cards of an analysis as a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import progress_console, result_console, write_json
from cli.counting import counted
from cli.exports.formats import What, target_of, write_rows
from cli.options import JsonOption, TaskArgument
from domain.errors import InvalidRequest

if TYPE_CHECKING:
    from settings import Settings

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards export latest --to cards.parquet",
        "  cards export 3f2a91c0 --to cards.jsonl.gz --force",
        "  cards export latest --what quarantine --to refused.csv",
        "",
        "[bold]Exit status[/bold]  0 written, 2 wrong usage, 3 not found, 74 cannot be written.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog=EPILOG)(export)


ToOption = Annotated[
    Path,
    typer.Option(
        help="The file: .jsonl, .csv (either also .gz) or .parquet. In CSV a text that a "
        "spreadsheet would take for a formula gets an apostrophe before it.",
        dir_okay=False,
        show_default=False,
    ),
]
WhatOption = Annotated[What, typer.Option(help="Cards and failure records, or quarantine.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def export(
    task_id: TaskArgument,
    *,
    to: ToOption,
    what: WhatOption = What.CARDS,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the cards and failure records of an analysis to a file, one row a review.

    Rows are streamed, and the file appears only when it is whole.
    """
    from cli.exports.whole_file import whole_file
    from cli.task_ids import resolve
    from settings import get_settings
    from storage.postgres.requests import get_request

    target = target_of(to)
    if to.exists() and not force:
        raise InvalidRequest(f"{to} is there already; --force replaces it")
    settings = get_settings()
    request = get_request(settings.postgres, resolve(settings, task_id))
    if not request.terminal:
        words = f"the analysis is still {request.status}: the file has what is there now"
        progress_console().print(words, style="yellow")
    with whole_file(to) as file:
        rows = write_rows(file, target, what, _rows(settings, request.task_id, what))
    if as_json:
        size = to.stat().st_size
        path = str(to.resolve())
        write_json({"task_id": request.task_id, "file": path, "rows": rows, "bytes": size})
    else:
        result_console().print(f"{counted(rows, 'row')} in {to}", markup=False)


def _rows(settings: Settings, task_id: str, what: What) -> Iterator[dict[str, Any]]:
    from cli.exports.rows import named, readable
    from storage.mongo.crawl_jobs import reading_of
    from storage.mongo.emotion_cards import outcomes
    from storage.mongo.quarantine import quarantined

    if what is What.QUARANTINE:
        return map(readable, quarantined(settings.mongo, reading_of(settings.mongo, task_id)))
    return map(named, outcomes(settings.mongo, task_id))
