"""`cards compare`: results side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import print_address, progress_console, result_console, write_json
from cli.options import JsonOption

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards compare ours.csv theirs.csv",
        "  cards compare https://shop.example/p/1 https://shop.example/p/2 latest",
        '  cards compare "립 틴트" "velvet stain"      [dim]products by name[/dim]',
        "  cards compare 3f2a91c0 77d05e13           [dim]one product, then and now[/dim]",
        "  cards compare 3f2a91c0 latest --json | jq '.apart\\[0]'",
        "",
        "[bold]Exit status[/bold]  0 compared, 2 wrong usage, 3 one is not there or has no result.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog=EPILOG)(compare)


WhichArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TASK_ID|PRODUCT",
        help="Two to six, each an analysis: its id, the id's first characters, or `latest`. Or a "
        "product, for its current result: its address, its file, its name or part of it.",
        show_default=False,
    ),
]


def compare(which: WhichArgument, *, as_json: JsonOption = False) -> None:
    """Compare products, or one product then and now: what differs, and what really does.

    A difference is marked where chance alone would hardly make it, all of them judged together.
    """
    from cli.compared import check_number, compared
    from settings import get_settings

    check_number(which)
    with progress_console().status("comparing …"):
        document, page = compared(get_settings(), which)
    if as_json:
        write_json({**document, "page": str(page.resolve())})
    else:
        from cli.comparison_view import draw_comparison

        result_console().print(draw_comparison(document))
        print_address(result_console(), "Page: ", page)
