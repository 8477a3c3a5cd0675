"""`cards demo`: the main job, end to end, on this machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import print_address, progress_console, result_console, write_json
from cli.exit_codes import ExitCode, code_of_end
from cli.options import DataDirOption, JsonOption, choose_data_dir

if TYPE_CHECKING:
    from cli.demo_run import Analysed, DemoOutcome, DemoPlan

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards demo",
        "  cards demo --all",
        "  cards demo --product napa-kimchi --fresh",
        "  cards demo --reviews nsmc.jsonl --rating-max 10 --limit 20000",
        "",
        "[bold]Exit status[/bold]  0 all went well and all invariants hold; see `cards -h`.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog=EPILOG)(demo)


ReviewsOption = Annotated[
    Path | None,
    typer.Option(
        help="Analyse your own reviews instead: JSON lines (.gz too) with id, text, rating, "
        "date. The demo shop serves them page by page.",
        metavar="<file>",
    ),
]
LimitOption = Annotated[int | None, typer.Option(help="Only the file's first N reviews.", min=1)]
RatingOption = Annotated[
    float | None, typer.Option(help="The best rating of the file's scale.  \\[found out]")
]
ProductOption = Annotated[
    str | None, typer.Option(help="The product of the shop to analyse.  \\[the first]")
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Analyse every product of the shop, one by one.")
]
SeedOption = Annotated[int, typer.Option(help="The same seed writes the same reviews.")]
FreshOption = Annotated[
    bool,
    typer.Option("--fresh/--keep-data", help="Begin with empty stores; else the last run's."),
]


def demo(
    *,
    reviews: ReviewsOption = None,
    limit: LimitOption = None,
    rating_max: RatingOption = None,
    product: ProductOption = None,
    every_product: AllOption = False,
    seed: SeedOption = 7,
    fresh: FreshOption = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start everything, analyse a product of a demo shop, check the result, stop everything.

    Real servers, on loopback only, in a data folder of its own; nothing is left running.
    """
    if product is not None and every_product:
        raise typer.BadParameter("give --product or --all, not both")
    choose_data_dir(data_dir)
    from cli.demo_run import DemoPlan
    from cli.orders import checked_rating_max, readable_file
    from settings import get_settings

    plan = DemoPlan(
        folder=get_settings().data_dir.resolve() / "demo",
        reviews=readable_file(str(reviews)) if reviews else None,
        rating_max=checked_rating_max(rating_max),
        limit=limit,
        slug=product,
        every_product=every_product,
        seed=seed,
        fresh=fresh,
    )
    get_settings.cache_clear()
    try:
        raise typer.Exit(_run(plan, as_json=as_json))
    except KeyboardInterrupt:
        words = "Interrupted: all servers are stopped, the data stay for the next run."
        progress_console().print(words, style="yellow")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def _run(plan: DemoPlan, *, as_json: bool) -> ExitCode:
    from cli.checklist import Checklist
    from cli.demo_run import run_demo
    from cli.ending_signals import leaving_properly
    from cli.screens import screen_for

    console = progress_console()
    began = time.monotonic()
    with leaving_properly():
        outcome = run_demo(
            plan,
            Checklist(console),
            lambda: screen_for(console, quiet=as_json),
            (lambda _: None) if as_json else _show,
        )
    seconds = time.monotonic() - began
    if as_json:
        peaks = {name: round(size / 1e6, 1) for name, size in outcome.peaks.items()}
        analyses = [analysed.to_document() for analysed in outcome.analyses]
        document = {"analyses": analyses, "peak_memory_mb": peaks, "seconds": round(seconds, 1)}
        write_json(document)
    else:
        _show_end(outcome, seconds)
    return _exit_code(outcome)


def _exit_code(outcome: DemoOutcome) -> ExitCode:
    from cli.checking import all_hold

    if not all(all_hold(analysed.findings) for analysed in outcome.analyses):
        return ExitCode.FAILED
    ends = [code_of_end(analysed.document["status"]) for analysed in outcome.analyses]
    return next((code for code in ends if code is not ExitCode.DONE), ExitCode.DONE)


def _show(analysed: Analysed) -> None:
    from cli.findings_view import draw_findings
    from cli.result_view import draw_result

    console = result_console()
    console.print()
    console.print(draw_result(analysed.document))
    print_address(console, "Report: ", analysed.report)
    console.print()
    console.print(draw_findings(analysed.findings))
    console.print()


def _show_end(outcome: DemoOutcome, seconds: float) -> None:
    from cli.demo_view import draw_peaks, draw_speeds

    console = result_console()
    console.print()
    console.print(draw_speeds(outcome.analyses))
    console.print()
    console.print(draw_peaks(outcome.peaks))
    console.print()
    for analysed in outcome.analyses:
        console.print(f"Report: {analysed.report.resolve().as_uri()}", soft_wrap=True)
    console.print(f"Done in {seconds:.0f} s. Nothing is left running.", style="green")
