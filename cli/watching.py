"""A flow started here, watched to the end of its analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.analysis_run import Accepted, flow_at_work
from cli.console import progress_console
from cli.ending_signals import leaving_properly
from cli.screens import screen_for
from domain.specs import Difference, told_as_choice

if TYPE_CHECKING:
    from cli.orders import Order, Rebuild
    from settings import Settings


def watch_to_its_end(settings: Settings, order: Order | Rebuild, *, quiet: bool) -> Accepted:
    """Carry out an order, show how it goes, and return the analysis once it has ended.

    `quiet` writes nothing but what a terminal redraws: somebody reads our JSON. An analysis that
    is left open is told how to go on with.

    Raises:
        EmotionCardsError: the flow ended before its analysis was accepted, or left it open.
    """
    console = progress_console()
    with leaving_properly(), flow_at_work(settings, order, console) as run:
        if not quiet:
            tell_if_joined(run.differences)
        ended = False
        try:
            run.watch(screen_for(console, quiet=quiet), console)
            ended = True
        finally:
            if not ended:
                _tell_how_to_go_on(run.task_id, run.flow.last_lines())
        return Accepted(run.task_id, run.differences)


def tell_if_joined(differences: tuple[Difference, ...]) -> None:
    """Say in what an analysis that was under way already was asked otherwise."""
    if differences:
        words = "joined an analysis already under way; it was asked with "
        line = words + told_as_choice(differences)
        progress_console().print(line, style="yellow", markup=False, soft_wrap=True)


def _tell_how_to_go_on(task_id: str, lines: list[str]) -> None:
    console = progress_console()
    for line in lines[-5:]:
        console.print(f"  {line[:200]}", style="dim", markup=False)
    console.print("The analysis has stopped; what it has is kept. Go on with it:", style="yellow")
    console.print(f"  cards analyze --resume {task_id}", style="bold")
