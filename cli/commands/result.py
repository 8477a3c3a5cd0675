"""`cards result`: the result of an ended analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import print_address, result_console, write_json
from cli.exit_codes import code_of_end
from cli.options import JsonOption

if TYPE_CHECKING:
    from settings import Settings

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards result latest",
        "  cards result reviews.csv            [dim]the current result of this product[/dim]",
        "  cards result 3f2a91c0 --json | jq '.numbers.emotions\\[0]'",
        "",
        "[bold]Exit status[/bold]  0 completed, 4 partial, 1 failed, 3 none yet, 5 cancelled.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("result", epilog=EPILOG)(result)


ResultArgument = Annotated[
    str,
    typer.Argument(
        metavar="TASK_ID|PRODUCT",
        help="An analysis: its id, the id's first characters (4 or more), or `latest`. Or a "
        "product, for its current result: its address, its file or its id.",
        show_default=False,
    ),
]


def result(which: ResultArgument, *, as_json: JsonOption = False) -> None:
    """Show the result: emotions, aspects with quotes, coverage, the report's path."""
    from cli.products import task_named
    from settings import get_settings

    settings = get_settings()
    show_result(settings, task_named(settings, which), as_json=as_json)


def show_result(
    settings: Settings, task_id: str, *, as_json: bool, beside: Mapping[str, Any] | None = None
) -> None:
    """Show the result of an ended analysis and leave with the status of its end.

    `beside` are fields that the JSON document has besides.

    Raises:
        EmotionCardsError: there is none; as `cli.results.ended_result`.
    """
    from cli.result_view import draw_result
    from cli.results import ended_result

    document, report = ended_result(settings, task_id)
    if as_json:
        write_json({**document, "report": str(report.resolve()), **(beside or {})})
    else:
        result_console().print(draw_result(document))
        print_address(result_console(), "Report: ", report)
    raise typer.Exit(code_of_end(document["status"]))
