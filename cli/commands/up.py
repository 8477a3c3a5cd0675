"""`cards up`: the platform, kept running."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import progress_console, result_console
from cli.exit_codes import ExitCode
from cli.options import DataDirOption, choose_data_dir

if TYPE_CHECKING:
    from demo.shop import DemoShop
    from deployments.local.stack import LocalStack

EPILOG = "\n".join(
    [
        "[bold]Examples[/bold]",
        "  cards up",
        "  cards up --demo-shop --data-dir /var/lib/emotion-cards",
        "",
        "[bold]Exit status[/bold]  0 stopped by Ctrl-C, SIGTERM, `cards down`; 69 a server failed.",
    ]
)

#: Seconds between two looks whether all servers live.
CHECK_EVERY = 1.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", epilog=EPILOG)(up)


def up(
    *,
    data_dir: DataDirOption = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run flows started in the Prefect UI.")
    ] = True,
    demo_shop: Annotated[
        bool, typer.Option("--demo-shop", help="Also open the demo shop on loopback.")
    ] = False,
) -> None:
    """Keep the whole platform running: stores, Kafka, Prefect and a worker.

    Servers whose addresses are set (EC_…) are used as they are. Ctrl-C stops all that was
    started; the data stay.
    """
    choose_data_dir(data_dir)
    try:
        _run(with_worker=worker, with_shop=demo_shop)
    except SystemExit as ended:
        # `cards down` asks by SIGTERM. All is stopped here, so what was asked for is done.
        if ended.code != ExitCode.TERMINATED:
            raise
        progress_console().print("stopped", style="dim")


def _run(*, with_worker: bool, with_shop: bool) -> None:
    from cli.checklist import Checklist
    from cli.demo_shop import open_shop, shop_environment
    from cli.local_platform import environment_with, local_platform
    from cli.report_server import serve_reports
    from deployments.deploy import deploy_all
    from settings import get_settings

    console = progress_console()
    steps = Checklist(console)
    folder = get_settings().data_dir.resolve()
    with ExitStack() as running:
        shop = running.enter_context(open_shop(folder)) if with_shop else None
        if shop is not None:
            running.enter_context(environment_with(shop_environment(shop)))
        reports = running.enter_context(serve_reports(folder, folder / "reports"))
        running.enter_context(environment_with({"EC_REPORTS_URL": reports}))
        stack, settings = running.enter_context(
            local_platform(folder, steps, with_worker=with_worker)
        )
        with steps.step("register the deployments"):
            deployments = deploy_all(settings)
        _show(stack, deployments, shop, reports)
        _stay(stack)
        console.print("stopping …", style="dim")


def _show(stack: LocalStack, deployments: list[str], shop: DemoShop | None, reports: str) -> None:
    from cli.address_view import command_for, draw_addresses, draw_shop

    console = result_console()
    console.print(draw_addresses(stack.addresses, stack.data_dir))
    console.print(f"Reports: {reports}", markup=False)
    console.print(f"Deployments: {', '.join(deployments)}", markup=False)
    if shop is not None:
        console.print(draw_shop(shop), soft_wrap=True)
    command = command_for(shop) if shop is not None else "cards analyze URL"
    console.print("Analyse something in another terminal; Ctrl-C here stops all:")
    console.print(f"  {command}", markup=False, soft_wrap=True)


def _stay(stack: LocalStack) -> None:
    """Return on Ctrl-C.

    Raises:
        ServerDied: one of the servers did.
    """
    try:
        while True:
            time.sleep(CHECK_EVERY)
            stack.check()
    except KeyboardInterrupt:
        return
