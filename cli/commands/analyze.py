"""`cards analyze`: one analysis, watched to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import progress_console, write_json
from cli.options import JsonOption

if TYPE_CHECKING:
    from cli.analysis_run import Accepted
    from cli.orders import Order
    from domain.specs import Difference
    from settings import Settings

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards analyze https://shop.example/products/123",
        "  cards analyze reviews.csv --column text=내용 --column rating=별점 --encoding cp949",
        "  cards analyze nsmc.jsonl --rating-max 10 --max-reviews 5000",
        "  cards analyze --resume latest       [dim]go on where it was interrupted[/dim]",
        "  cards analyze URL --key nightly-42  [dim]the same key is the same analysis[/dim]",
        "",
        "[bold]Exit status[/bold]  0 completed, 4 partial, 1 failed, 5 cancelled, 74 no such file,",
        "  75 the flow died: go on with --resume.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("analyze", epilog=EPILOG)(analyze)


LocationArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[URL|FILE]",
        help="A product's page (https://…), or a file: CSV, JSON lines or Parquet.",
        show_default=False,
    ),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        help="For files: our field = the file's column. Fields: text, rating, review_id, "
        "created_at. May be given several times.",
        metavar="FIELD=COLUMN",
    ),
]
RatingOption = Annotated[
    float | None,
    typer.Option(
        help="For files: the best rating of the scale, above 1, at most 1000.  \\[found out]"
    ),
]
EncodingOption = Annotated[
    str | None, typer.Option(help="For files: the text encoding, as cp949.  \\[found out]")
]
MaxOption = Annotated[int | None, typer.Option(help="Stop after this many reviews.", min=1)]
KeyOption = Annotated[
    str | None,
    typer.Option(
        help="Idempotency key: the same key, with the same options, is the same analysis."
    ),
]
ResumeOption = Annotated[
    str | None, typer.Option(help="Go on with an interrupted analysis.", metavar="TASK_ID")
]
WatchOption = Annotated[
    bool, typer.Option("--watch/--no-watch", help="--no-watch: leave it to itself once accepted.")
]


def analyze(
    location: LocationArgument = None,
    *,
    column: ColumnOption = None,
    rating_max: RatingOption = None,
    encoding: EncodingOption = None,
    max_reviews: MaxOption = None,
    key: KeyOption = None,
    resume: ResumeOption = None,
    watch: WatchOption = True,
    as_json: JsonOption = False,
) -> None:
    """Turn a product's reviews into emotion cards, and watch them come.

    Ctrl-C stops the analysis; nothing is lost, and [bold]--resume[/bold] goes on with it.
    """
    from cli.orders import Order, checked_rating_max, parse_columns, whole_location

    if (location is None) == (resume is None):
        raise typer.BadParameter("give a URL or a file, or --resume TASK_ID")
    order = Order(
        location=whole_location(location) if location else "",
        key=key,
        columns=parse_columns(column or []),
        rating_max=checked_rating_max(rating_max),
        encoding=encoding,
        max_reviews=max_reviews,
    )
    _carry_out(order, resume, watch=watch, as_json=as_json)


def _carry_out(order: Order, resume: str | None, *, watch: bool, as_json: bool) -> None:
    from cli.analysis_run import start_and_leave
    from cli.task_ids import resolve
    from settings import get_settings

    settings = get_settings()
    if resume is not None:
        order = replace(order, task_id=resolve(settings, resume))
    if watch:
        _watched(settings, order, as_json=as_json)
    else:
        _left(start_and_leave(settings, order, progress_console()), as_json=as_json)


def _left(accepted: Accepted, *, as_json: bool) -> None:
    from cli.watching import tell_if_joined

    task_id = accepted.task_id
    if as_json:
        write_json({"task_id": task_id, **_asked_otherwise(accepted.differences)})
    else:
        tell_if_joined(accepted.differences)
        typer.echo(task_id)
        progress_console().print(f"`cards watch {task_id[:8]}` shows how it goes", style="dim")


def _watched(settings: Settings, order: Order, *, as_json: bool) -> None:
    from cli.analysis_run import Accepted, is_over
    from cli.commands.result import show_result
    from cli.watching import watch_to_its_end

    if order.task_id is not None and is_over(settings, order.task_id):
        run = Accepted(order.task_id)
    else:
        run = watch_to_its_end(settings, order, quiet=as_json)
    beside = _asked_otherwise(run.differences)
    show_result(settings, run.task_id, as_json=as_json, beside=beside)


def _asked_otherwise(differences: tuple[Difference, ...]) -> dict[str, Any]:
    return {"asked_otherwise": [each.to_state() for each in differences]}
