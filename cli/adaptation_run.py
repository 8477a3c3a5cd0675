"""An adaptation from here: its flow started, its steps shown, its outcome read."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console

from cli.ending_signals import leaving_properly
from cli.flow_process import FlowProcess
from tasks.adaptation import adaptation_progress

if TYPE_CHECKING:
    from settings import Settings

FLOW = "adapt-analyzer"
#: Seconds between two looks at how far it is.
POLL = 0.3
#: Seconds between two lines where there is no terminal.
PLAIN_EVERY = 10.0


def run_adaptation(settings: Settings, *, dry_run: bool, console: Console) -> dict[str, Any]:
    """Run the flow to its end, and return what it found.

    Raises:
        EmotionCardsError: the flow's own error, or that it died.
    """
    began = time.time()
    with leaving_properly():
        flow = FlowProcess(settings, FLOW, {"dry_run": dry_run})
        try:
            _watch(settings, flow, began, console)
        finally:
            flow.stop()
    if not flow.ended_well:
        raise flow.error()
    for line in reversed(flow.last_lines()):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    raise flow.error()


def _watch(settings: Settings, flow: FlowProcess, began: float, console: Console) -> None:
    told, told_at = "", 0.0
    with console.status("starting the flow …") as status:
        while flow.running:
            time.sleep(POLL)
            progress = adaptation_progress(settings)
            step = str(progress.get("step", ""))
            # Of an earlier run the last step may still be there.
            if not step or step == told or float(progress["at"]) < began:
                continue
            told = step
            status.update(f"{step} …")
            if not console.is_terminal and time.monotonic() - told_at >= PLAIN_EVERY:
                told_at = time.monotonic()
                console.print(step, markup=False, soft_wrap=True)
