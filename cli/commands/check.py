"""`cards check`: the invariants of an analysis, against what the stores hold."""

from __future__ import annotations

import typer

from cli.console import result_console, write_json
from cli.exit_codes import ExitCode
from cli.options import JsonOption, TaskArgument

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards check latest",
        "  cards check 3f2a91c0 --json",
        "",
        "[bold]Exit status[/bold]  0 all hold, 1 one does not, 3 not found.",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", epilog=EPILOG)(check)


def check(task_id: TaskArgument, *, as_json: JsonOption = False) -> None:
    """Check an analysis: ended once, one outcome a review, right numbers, true quotes."""
    from dataclasses import asdict

    from cli.checking import all_hold, find
    from cli.findings_view import draw_findings
    from cli.task_ids import resolve
    from settings import get_settings

    settings = get_settings()
    whole = resolve(settings, task_id)
    findings = find(settings, whole)
    if as_json:
        rows = [asdict(finding) for finding in findings]
        write_json({"task_id": whole, "ok": all_hold(findings), "findings": rows})
    else:
        result_console().print(draw_findings(findings))
    raise typer.Exit(ExitCode.DONE if all_hold(findings) else ExitCode.FAILED)
