"""Re-analyses: the cards of a product made anew from its stored reviews, beside the old ones."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from domain.cards import FailureReason
from domain.coverage import Coverage
from domain.errors import InvalidRequest, InvariantBroken, ReanalysisWorse, RequestNotFound
from settings import Settings, get_settings
from sources.base import SourceSpec
from storage.postgres.acceptance import (
    MAX_KEY_CHARS,
    Acceptance,
    accept_request,
    open_runs_below,
)
from storage.postgres.products import get_product
from storage.postgres.requests import RequestRow
from storage.postgres.results import current_task, get_result, products_with_result
from tasks.analyzers import current_version
from tasks.retries import retryable

#: Products looked up at once; a list of any length is read so, piece by piece.
PRODUCTS_A_LOOK = 100
#: The key of a run through all products: room is left for a product's id behind it.
MAX_RUN_KEY_CHARS = MAX_KEY_CHARS - len(f":{UUID(int=0)}")


@retryable("accept re-analysis")
def accept_reanalysis(
    product_id: str, *, force: bool, idempotency_key: str | None, run_id: str
) -> Acceptance:
    """Accept a request to make the product's cards anew, or find the one that answers it.

    A current result that the analyzer in force has made is the answer already, unless forced.

    Raises:
        RequestNotFound: there is no such product, or it has no result.
        ProductBusy: its source is being read at present.
        InvalidRequest: the key belongs to another request, or is too long.
    """
    settings = get_settings()
    product = get_product(settings.postgres, product_id)
    current = current_task(settings.postgres, product_id)
    if current is None:
        raise RequestNotFound(f"product {product_id} has no result yet to be made anew")
    done = not force and made_by_the_present(settings, current)
    return accept_request(
        settings.postgres,
        source=product.source,
        external_key=product.external_key,
        name=product.name,
        # Not the words of the reading, which may be spelt otherwise each time.
        spec=SourceSpec(product.external_key, stored=True).to_state(),
        idempotency_key=idempotency_key,
        run_id=run_id,
        answered_by=current if done else None,
    )


def made_by_the_present(settings: Settings, task_id: str) -> bool:
    """Return whether an analysis has a result that the analyzer in force alone has made.

    Raises:
        RequestNotFound: it has no result.
    """
    return bool(get_result(settings.postgres, task_id)["analyzer_version"] == current_version())


def check_run_key(key: str | None) -> None:
    """Check the key of a run through all products, before any of them is asked for.

    Raises:
        InvalidRequest: with a product's id behind it, it is too long.
    """
    if key is not None and not 1 <= len(key) <= MAX_RUN_KEY_CHARS:
        raise InvalidRequest(f"a key for all products has 1 to {MAX_RUN_KEY_CHARS} characters")


def part_key(key: str, product_id: str) -> str:
    """Return the key of one product's re-analysis in a run through all of them."""
    return f"{key}:{product_id}"


def open_parts(run_id: str) -> list[str]:
    """Return the names under which a run through many products has asked for what still goes on."""
    return open_runs_below(get_settings().postgres, run_id)


def first_coverage(settings: Settings, request: RequestRow) -> Coverage | None:
    """Return the coverage that a re-analysis begins with; None for a request that reads a source.

    It says whose reviews are taken: those of the product's current result. While the request is
    active no other result of its product can be written, so asking again gives the same.

    Raises:
        InvariantBroken: the product has no result.
    """
    if not SourceSpec.from_state(request.spec).stored:
        return None
    base = current_task(settings.postgres, request.product_id)
    if base is None:
        raise InvariantBroken(f"product {request.product_id} has no result to be made anew")
    return Coverage.from_state(get_result(settings.postgres, base)["coverage"]).of_stored(base)


def refuse_worse(settings: Settings, request: RequestRow, dead: int) -> None:
    """Look that a re-analysis has no more dead letters than the result it would replace.

    Both are of the same reviews: more of them say that the analyzer breaks where it did not.

    Raises:
        ReanalysisWorse: it has more.
    """
    if not dead or not SourceSpec.from_state(request.spec).stored:
        return
    base = current_task(settings.postgres, request.product_id)
    if base is None:
        return
    failures = get_result(settings.postgres, base)["numbers"]["failures"]
    before = failures.get(FailureReason.DEAD_LETTER, 0)
    if dead > before:
        raise ReanalysisWorse(
            f"the analyzer gave up on {dead:,} reviews, for the result of {base} on {before:,}: "
            "that one stays"
        )


def products_to_reanalyze(*, force: bool) -> Iterator[str]:
    """Yield the products whose current result another analyzer version made; forced, all.

    One that gets a result of the version in force meanwhile is passed over; a new product is
    found if its id is still to come. Holds a few ids, never the whole list.

    Raises:
        StoreUnavailable: PostgreSQL is away.
    """
    settings = get_settings()
    but_version = None if force else current_version()
    after: str | None = None
    while True:
        some = products_with_result(
            settings.postgres, but_version=but_version, after=after, limit=PRODUCTS_A_LOOK
        )
        if not some:
            return
        yield from some
        after = some[-1]
