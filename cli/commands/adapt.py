"""`cards adapt`: the analyzer learns from the platform's own stars."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.console import progress_console, result_console, write_json
from cli.options import JsonOption

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards adapt             [dim]what would be; nothing is stored[/dim]",
        "  cards adapt --apply     [dim]put the adapted model in force if it is better[/dim]",
        "  cards adapt --back      [dim]return to the shipped model[/dim]",
        "  cards adapt --json | jq .held_back",
        "",
        "[bold]Exit status[/bold]  0, whatever was decided; 69 a store is not there.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("adapt", epilog=EPILOG)(adapt)


ApplyOption = Annotated[
    bool, typer.Option("--apply", help="Put the adapted model in force if it is better.")
]
BackOption = Annotated[
    bool, typer.Option("--back", help="Put the shipped model in force again; learn nothing.")
]


def adapt(
    *, apply: ApplyOption = False, back: BackOption = False, as_json: JsonOption = False
) -> None:
    """Fit the analyzer to the platform's own rated reviews, and tell if it is better for it.

    A model is put in force only with [bold]--apply[/bold], only if it is better on reviews that
    were held back, and only if it is not worse on the validation set that comes with the package.
    """
    if apply and back:
        raise typer.BadParameter("give --apply or --back, not both")
    from settings import get_settings

    if back:
        _back(as_json=as_json)
        return
    from cli.adaptation_run import run_adaptation
    from cli.adaptation_view import draw_adaptation

    found = run_adaptation(get_settings(), dry_run=not apply, console=progress_console())
    if as_json:
        write_json(found)
        return
    result_console().print(draw_adaptation(found))
    _tell_what_next(found)


def _back(*, as_json: bool) -> None:
    from tasks.adaptation import return_to_shipped

    before = return_to_shipped()
    if as_json:
        write_json({"in_force": None, "before": before})
    elif before is None:
        result_console().print("The shipped model is in force already.")
    else:
        result_console().print(f"The shipped model is in force again, in the place of {before}.")
        _tell_to_reanalyze()


def _tell_what_next(found: dict[str, Any]) -> None:
    if found["outcome"] == "better":
        progress_console().print("`cards adapt --apply` puts it in force", style="dim")
    elif found["outcome"] == "promoted":
        _tell_to_reanalyze()


def _tell_to_reanalyze() -> None:
    words = "new analyses are made with it; `cards reanalyze --all` makes the others anew"
    progress_console().print(words, style="dim")
