"""How one look at a running analysis is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.rates import clock
from cli.task_ids import short
from domain.requests import TERMINAL, RequestStatus
from reports.text import visible

if TYPE_CHECKING:
    from tasks.progress import Progress

BAR_WIDTH = 36
#: Colour of a status, in the live view and in tables.
STYLES: dict[str, str] = {
    "requested": "blue",
    "crawling": "cyan",
    "analyzing": "cyan",
    "finalizing": "cyan",
    "completed": "green",
    "partial": "yellow",
    "failed": "red",
    "cancelled": "magenta",
}


@dataclass(frozen=True, slots=True)
class Look:
    """An analysis at one moment of being watched."""

    progress: Progress
    #: Seconds since we began to watch.
    elapsed: float
    #: Reviews a second that got their outcome, lately.
    speed: float
    #: What the watcher should know besides.
    note: str = ""


def status_text(status: str) -> Text:
    """Return the status in its colour."""
    return Text(status, style=STYLES.get(status, ""))


def _total(progress: Progress) -> int | None:
    """Return how many reviews are expected; None where the source does not say."""
    if progress.expected is None:
        return None
    return max(progress.expected, progress.collected)


def of_total(progress: Progress) -> str:
    """Return " of 5,000", " of ≈ 5,000" where that is a guess; nothing where nobody knows."""
    total = _total(progress)
    if not total:
        return ""
    guess = "at least" if progress.collected == total else "≈"
    return f" of {guess} {total:,}" if progress.estimated else f" of {total:,}"


def draw(look: Look) -> RenderableType:
    """Return the live view: the status, two bars, the counts."""
    progress = look.progress
    bars = Table.grid(padding=(0, 2))
    total = _total(progress)
    of_all = f"{progress.collected:,}{of_total(progress)}"
    bars.add_row("collected", _bar(progress.collected, total, look), of_all)
    outcomes = f"{progress.outcomes:,} of {progress.collected:,}"
    bars.add_row("cards", _bar(progress.outcomes, progress.collected or None, look), outcomes)
    lines: list[RenderableType] = [_headline(look), bars, Text(_counts(look), style="dim")]
    if look.note:
        lines.append(Text(look.note, style="yellow"))
    return Group(*lines)


def _headline(look: Look) -> Text:
    text = Text.assemble("● ", status_text(look.progress.status), "  ")
    text.stylize(STYLES.get(look.progress.status, ""), 0, 1)
    text.append(visible(look.progress.location, 70))
    text.append(f"  {short(look.progress.task_id)}", style="dim")
    return text


def _bar(done: int, total: int | None, look: Look) -> ProgressBar:
    # Without a total the bar only shows that something goes on.
    return ProgressBar(
        total=total or None,
        completed=done,
        width=BAR_WIDTH,
        pulse=not total,
        animation_time=look.elapsed,
        finished_style="bar.complete",
    )


def _counts(look: Look) -> str:
    progress = look.progress
    parts = [
        f"{look.speed:,.0f} reviews/s",
        f"{progress.failures:,} without a card",
        f"{progress.quarantined:,} in quarantine",
        f"{progress.pages:,} pages or batches",
        clock(look.elapsed),
    ]
    return " · ".join(parts)


def _pace(look: Look) -> str:
    """Return how fast it goes, and of an ended analysis how fast it went."""
    if RequestStatus(look.progress.status) in TERMINAL and look.elapsed:
        return f"{look.progress.outcomes / look.elapsed:,.0f} reviews/s while watched"
    return f"{look.speed:,.0f} reviews/s"


def plain_line(look: Look) -> str:
    """Return the look as one line, for logs and pipes."""
    progress = look.progress
    parts = [
        f"{clock(look.elapsed)} {progress.status}",
        f"collected {progress.collected:,}{of_total(progress)}",
        f"cards {progress.cards:,}",
        f"without a card {progress.failures:,}",
        f"quarantined {progress.quarantined:,}",
        _pace(look),
    ]
    return " · ".join([*parts, look.note] if look.note else parts)
