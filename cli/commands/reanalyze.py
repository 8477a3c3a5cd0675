"""`cards reanalyze`: a product's cards made anew from its stored reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import progress_console, result_console, write_json
from cli.counting import counted
from cli.options import JsonOption

if TYPE_CHECKING:
    from settings import Settings

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards reanalyze https://shop.example/products/123",
        "  cards reanalyze reviews.csv      [dim]the file is not read again[/dim]",
        "  cards reanalyze latest --force   [dim]even if nothing has changed[/dim]",
        "  cards reanalyze --all            [dim]whatever another version made[/dim]",
        "",
        "[bold]Exit status[/bold]  0 completed, 4 partial, 1 failed or the product is being read,",
        "  3 no such product, 5 cancelled, 75 the flow died: the same again goes on.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reanalyze", epilog=EPILOG)(reanalyze)


ProductArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PRODUCT]",
        help="A product that was analysed before: its address, its file, its id, or one of its "
        "analyses (an id, its first characters, or `latest`).",
        show_default=False,
    ),
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Every product whose result another version made.")
]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Also where this version has made the result already.")
]
KeyOption = Annotated[
    str | None, typer.Option(help="Idempotency key: the same key is the same re-analysis.")
]


def reanalyze(
    product: ProductArgument = None,
    *,
    every: AllOption = False,
    force: ForceOption = False,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a product's cards anew with the analyzer as it is now, from its stored reviews.

    No source is asked. The old cards and the old result stay as they are; the new result takes
    the old one's place once it is whole.
    """
    if (product is not None) == every:
        raise typer.BadParameter("name a product, or give --all")
    from settings import get_settings

    settings = get_settings()
    if product is None:
        _all(settings, force=force, key=key, as_json=as_json)
    else:
        _one(settings, product, force=force, key=key, as_json=as_json)


def _one(settings: Settings, named: str, *, force: bool, key: str | None, as_json: bool) -> None:
    from cli.commands.result import show_result
    from cli.orders import Rebuild
    from cli.products import product_named
    from cli.watching import watch_to_its_end
    from storage.postgres.results import current_task
    from tasks.reanalysis import made_by_the_present

    product = product_named(settings, named)
    current = current_task(settings.postgres, product.product_id)
    # A key is for the flow to look at: it may stand for an earlier re-analysis.
    done = key is None and not force and current and made_by_the_present(settings, current)
    if current is not None and done:
        if not as_json:
            words = "its result is of this version already; --force makes it anew all the same"
            progress_console().print(words, style="yellow", soft_wrap=True)
        show_result(settings, current, as_json=as_json, beside={"made_anew": False})
    order = Rebuild(product.product_id, product.external_key, force=force, key=key)
    run = watch_to_its_end(settings, order, quiet=as_json)
    anew = run.task_id != current
    show_result(settings, run.task_id, as_json=as_json, beside={"made_anew": anew})


def _all(settings: Settings, *, force: bool, key: str | None, as_json: bool) -> None:
    from cli.analysis_run import watch_parts
    from cli.ending_signals import leaving_properly
    from cli.screens import screen_for

    console = progress_console()
    with leaving_properly():
        task_ids = watch_parts(
            settings,
            "reanalyze",
            {"all_products": True, "force": force},
            key,
            lambda: screen_for(console, quiet=as_json),
        )
    if as_json:
        write_json({"task_ids": task_ids})
    elif task_ids:
        result_console().print(f"{counted(len(task_ids), 'product')} made anew")
    else:
        result_console().print("Nothing to do: every result is of this version already.")
