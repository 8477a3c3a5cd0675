"""The demo: servers, shop, analyses, checks; then nothing is left running."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.analysis_run import flow_at_work
from cli.checking import all_hold, find
from cli.checklist import Checklist
from cli.counting import counted
from cli.demo_shop import open_shop, shop_environment
from cli.local_platform import environment_with, local_platform
from cli.memory import Groups, MemoryPeaks
from cli.orders import Order
from cli.results import ended_result
from cli.screens import Screen
from demo.shop import DemoShop, ProductLink
from deployments.local.errors import StackAlreadyRunning
from deployments.local.processes import family
from deployments.local.stack import running_stack
from domain.errors import ColumnMissing, FileUnreadable, InvalidRequest
from storage.mongo.crawl_jobs import crawl_state
from storage.postgres.requests import get_request
from tasks.invariants import Finding

if TYPE_CHECKING:
    from deployments.local.stack import LocalStack
    from settings import Settings


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What the demo shall show."""

    folder: Path
    reviews: Path | None = None
    rating_max: float | None = None
    limit: int | None = None
    slug: str | None = None
    every_product: bool = False
    seed: int = 7
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Analysed:
    """One analysis of the demo."""

    document: dict[str, Any]
    report: Path
    findings: list[Finding]
    #: From the first look at the source to the result, in seconds.
    seconds: float

    @property
    def reviews(self) -> int:
        """Reviews that have a card or a failure record."""
        numbers = self.document["numbers"]
        failures: dict[str, int] = numbers["failures"]
        return int(numbers["cards"]) + sum(failures.values())

    @property
    def speed(self) -> float:
        """Reviews a second."""
        return self.reviews / self.seconds if self.seconds else 0.0

    def to_document(self) -> dict[str, Any]:
        """Return the analysis for a program."""
        return {
            "task_id": self.document["task_id"],
            "product": self.document["product"]["name"],
            "status": self.document["status"],
            "reviews": self.reviews,
            "cards": self.document["numbers"]["cards"],
            "seconds": round(self.seconds, 2),
            "reviews_per_second": round(self.speed, 1),
            "report": str(self.report.resolve()),
            "findings": [asdict(finding) for finding in self.findings],
            "ok": all_hold(self.findings),
        }


@dataclass(slots=True)
class DemoOutcome:
    """What the demo has shown; filled while it runs."""

    analyses: list[Analysed] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)


@contextmanager
def demo_folder(plan: DemoPlan) -> Iterator[None]:
    """Work in the demo's own data folder; with `fresh`, an empty one.

    Raises:
        StackAlreadyRunning: another demo is at work in it.
    """
    running = running_stack(plan.folder)
    if running is not None:
        raise StackAlreadyRunning(plan.folder, running.supervisor_pid)
    if plan.fresh and plan.folder.exists():
        shutil.rmtree(plan.folder)
    with environment_with({"EC_DATA_DIR": str(plan.folder)}):
        yield


def run_demo(
    plan: DemoPlan,
    steps: Checklist,
    screen: Callable[[], Screen],
    on_analysed: Callable[[Analysed], None],
) -> DemoOutcome:
    """Run the demo; calls `on_analysed` after each analysis, returns when all is stopped.

    Raises:
        EmotionCardsError: what went wrong, by name; all is stopped then, too.
    """
    outcome = DemoOutcome()
    with demo_folder(plan), _shop(plan, steps) as shop, environment_with(shop_environment(shop)):
        products = chosen(plan, shop.products)
        with local_platform(plan.folder, steps, with_worker=False) as (stack, settings):
            flows: list[int] = []
            with MemoryPeaks(lambda: _groups(stack, flows)) as memory:
                for product in products:
                    analysed = _analyse(settings, product, steps, screen(), flows)
                    outcome.analyses.append(analysed)
                    on_analysed(analysed)
            outcome.peaks = memory.peaks
            stopping = time.monotonic()
    steps.done("stop everything", time.monotonic() - stopping)
    return outcome


@contextmanager
def _shop(plan: DemoPlan, steps: Checklist) -> Iterator[DemoShop]:
    shop = open_shop(
        plan.folder,
        seed=plan.seed,
        reviews=plan.reviews,
        rating_max=plan.rating_max,
        limit=plan.limit,
    )
    with ExitStack() as open_now:
        with steps.step("open the demo shop"), _hints():
            opened = open_now.enter_context(shop)
        yield opened


@contextmanager
def _hints() -> Iterator[None]:
    """Say of a file what helps here: the demo reads fewer forms than `cards analyze`, and less."""
    try:
        yield
    except (ColumnMissing, FileUnreadable) as error:
        error.add_note(
            "the demo reads JSON lines with a text in `text`; of other files and names: "
            "`cards up`, then `cards analyze FILE --column text=NAME`"
        )
        raise


def chosen(plan: DemoPlan, products: tuple[ProductLink, ...]) -> list[ProductLink]:
    """Return the products to analyse: by name, all, or the first one.

    Raises:
        InvalidRequest: the shop has no such product.
    """
    if plan.every_product:
        return list(products)
    if plan.slug is None:
        return [products[0]]
    found = [product for product in products if product.slug == plan.slug]
    if not found:
        known = ", ".join(product.slug for product in products)
        raise InvalidRequest(f"the demo shop has no {plan.slug!r}; it has {known}")
    return found


def _groups(stack: LocalStack, flows: list[int]) -> Groups:
    """Return the processes of the demo by what they are."""
    at_work = [process.pid for pid in flows for process in family(pid)]
    here = "cards (this command and the demo shop)"
    return {**stack.process_ids(), "flow": at_work, here: [os.getpid()]}


def _analyse(
    settings: Settings, product: ProductLink, steps: Checklist, screen: Screen, flows: list[int]
) -> Analysed:
    steps.say(f"analyse {product.name}: {counted(product.reviews, 'review')}, page by page")
    with flow_at_work(settings, Order(location=product.url), steps.console) as run:
        flows[:] = [run.flow.pid]
        run.watch(screen, steps.console)
    document, report = ended_result(settings, run.task_id)
    findings = find(settings, run.task_id)
    return Analysed(document, report, findings, _seconds(settings, run.task_id))


def _seconds(settings: Settings, task_id: str) -> float:
    """Return how long an ended analysis took from its crawl's beginning."""
    crawl = crawl_state(settings.mongo, task_id)
    finished = get_request(settings.postgres, task_id).finished_at
    if crawl is None or finished is None:
        return 0.0
    return (finished - crawl.started_at).total_seconds()
