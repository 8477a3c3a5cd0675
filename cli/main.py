"""The entry point of `cards`: its commands, and the one place where errors end."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from cli.commands import (
    adapt,
    analyze,
    cancel,
    check,
    compare,
    demo,
    down,
    export,
    reanalyze,
    result,
    status,
    up,
    watch,
)
from cli.errors_shown import last_word, show_error, show_file_error
from cli.exit_codes import MEANINGS
from domain.errors import EmotionCardsError

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards demo                                  [dim]see all of it at work[/dim]",
        "  cards up                                    [dim]keep the servers running[/dim]",
        "  cards analyze https://shop.example/p/123    [dim]in another terminal[/dim]",
        "  cards analyze reviews.csv --column text=내용",
        "  cards result latest --json",
        "",
        "[bold]Exit status[/bold]",
        *(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items()),
    ]
)

app = typer.Typer(
    name="cards",
    help="Turns a product's reviews into [bold]emotion cards[/bold] while you watch, and into "
    "one trusted result per product.",
    epilog=EPILOG,
    rich_markup_mode="rich",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cards {version('emotion-cards')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show a traceback for faults of this program.")
    ] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Carry the options that stand before a command."""
    if debug:
        sys.excepthook = sys.__excepthook__


for command in (
    *(demo, up, down, analyze, reanalyze, status, watch),
    *(result, compare, check, export, cancel, adapt),
):
    command.register(app)


def run() -> None:
    """Run the command line and leave with its exit status."""
    sys.excepthook = last_word
    for stream in (sys.stdout, sys.stderr):
        # Reviews hold any character; a terminal that has not must not stop us.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    as_json = "--json" in sys.argv[1:]
    try:
        # Not `app()`: that would put Typer's own hook in the place of ours.
        typer.main.get_command(app)(prog_name="cards")
    except EmotionCardsError as error:
        sys.exit(show_error(error, as_json=as_json))
    except OSError as error:
        sys.exit(show_file_error(error, as_json=as_json))


if __name__ == "__main__":
    run()
