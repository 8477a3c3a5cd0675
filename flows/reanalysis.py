"""Re-analysis: a product's cards made anew from its stored reviews, beside the old ones."""

from __future__ import annotations

import logging
from typing import Any

from prefect import Flow, State, flow, runtime
from prefect.client.schemas.objects import FlowRun

from domain.errors import (
    EmotionCardsError,
    InvalidRequest,
    ReanalysisIncomplete,
    StoreUnavailable,
)
from flows.analysis import cancel_with_run, faults_by_name, work_through
from settings import Settings, get_settings
from tasks.endings import cancel_request
from tasks.intake import leave_request
from tasks.products import find_product
from tasks.reanalysis import (
    accept_reanalysis,
    check_run_key,
    open_parts,
    part_key,
    products_to_reanalyze,
)

log = logging.getLogger(__name__)

#: Products that an error names; the log names them all.
MAX_NAMED = 20


def _run_name() -> str:
    asked: dict[str, Any] = runtime.flow_run.parameters
    return f"re-analysis of {asked.get('product') or 'all products'}"


def cancel_parts_with_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Cancel the re-analysis that a cancelled run is at, unless another run asked for it too."""
    cancel_with_run(flow, flow_run, state)
    for part in open_parts(str(flow_run.id)):
        task_id = leave_request(part)
        if task_id is not None:
            cancel_request(get_settings(), task_id)


@flow(
    name="reanalyze",
    flow_run_name=_run_name,
    on_cancellation=[cancel_parts_with_run],
)
def reanalyze(
    product: str = "",
    all_products: bool = False,
    force: bool = False,
    idempotency_key: str | None = None,
) -> dict[str, Any]:
    """Make the cards of a product anew with the analyzer in force, and swap the result.

    The reviews are those of the product's current result, as they are stored; no source is
    asked. The old cards and the old result stay. A run that was interrupted is gone on with by
    analyze-product and its task_id.

    Args:
        product: Its address, its file's path, its id, or the task_id of one of its analyses.
        all_products: Every product whose result another analyzer version made, one by one.
        force: Also where the analyzer in force has made the current result already.
        idempotency_key: The same key is the same re-analysis; empty: this run's own.

    Returns:
        The task_id and how the request ended; of all products, how many were made anew.
    """
    settings = get_settings()
    run_id, key = str(runtime.flow_run.id), idempotency_key or None
    if bool(product.strip()) == all_products:
        raise InvalidRequest("name one product, or set all_products")
    if all_products:
        return _every_product(settings, force=force, key=key, run_id=run_id)
    product_id = find_product(settings, product).product_id
    accepted = accept_reanalysis(product_id, force=force, idempotency_key=key, run_id=run_id)
    return work_through(settings, accepted.task_id)


def _every_product(
    settings: Settings, *, force: bool, key: str | None, run_id: str
) -> dict[str, Any]:
    """Go through the products; one that fails is told at the end, and stops no other.

    Raises:
        InvalidRequest: the key is too long to be one for each product.
        StoreUnavailable: a store is away, for the other products too.
        ReanalysisIncomplete: some have failed.
    """
    check_run_key(key)
    done = 0
    failed: list[str] = []
    for product_id in products_to_reanalyze(force=force):
        try:
            with faults_by_name():
                # Names of their own: each product's request is known under its own key.
                accepted = accept_reanalysis(
                    product_id,
                    force=force,
                    idempotency_key=key and part_key(key, product_id),
                    run_id=f"{run_id}:{product_id}",
                )
                work_through(settings, accepted.task_id)
        except StoreUnavailable:
            raise
        except EmotionCardsError as error:
            log.warning("product %s is as it was: %s: %s", product_id, error.code, error.line)
            failed.append(f"{product_id} ({error.code})")
        else:
            done += 1
    if failed:
        rest = f" and {len(failed) - MAX_NAMED} more" if len(failed) > MAX_NAMED else ""
        raise ReanalysisIncomplete(
            f"{len(failed)} of {done + len(failed)} products are as they were: "
            f"{', '.join(failed[:MAX_NAMED])}{rest}"
        )
    return {"products": done}
