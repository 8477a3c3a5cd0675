"""The intake stage."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from prefect import flow, get_run_logger, runtime
from pydantic import Field

from domain.rating_scale import BEST_ABOVE, BEST_UP_TO
from domain.specs import told_as_choice
from tasks.intake import accept, lay_out

#: Bounded, so that the form in the Prefect UI tells before a run starts.
Columns = dict[Literal["review_id", "text", "rating", "created_at"], str]
RatingMax = Annotated[float, Field(gt=BEST_ABOVE, le=BEST_UP_TO)]
MaxReviews = Annotated[int, Field(ge=1)]


@flow(name="intake-request", flow_run_name="intake of {location}")
def intake_request(
    location: str,
    idempotency_key: str | None = None,
    columns: Columns | None = None,
    rating_max: RatingMax | None = None,
    encoding: str | None = None,
    max_reviews: MaxReviews | None = None,
    asked_by: str | None = None,
) -> str:
    """Accept a request for an analysis, or find the one that answers it.

    A product that is under analysis already is not analysed twice: the caller is given the
    request under way, and the log tells in what that one was asked otherwise.

    Args:
        location: Address of a product's page (https://…) or path of a file (CSV, JSONL, Parquet).
        idempotency_key: The same key with the same fields is one analysis.
        columns: For files: our field (text, rating, review_id, created_at) to the file's column.
        rating_max: For files: the best rating of the scale; found out where empty.
        encoding: For files: the text encoding; found out where empty.
        max_reviews: Stop after this many reviews.
        asked_by: Id of the run that asks, to be left out by a person; empty: this run.

    Returns:
        The task_id, by which every other flow knows the analysis.
    """
    spec: dict[str, Any] = {
        "location": location.strip(),
        "columns": columns,
        "rating_max": rating_max,
        "encoding": encoding,
        "max_reviews": max_reviews,
    }
    accepted = accept(spec, idempotency_key, asked_by or str(runtime.flow_run.id))
    if accepted.differences:
        get_run_logger().warning(
            "joined analysis %s, already under way; it was asked with %s",
            accepted.task_id,
            told_as_choice(accepted.differences),
        )
    lay_out(accepted.task_id)
    return accepted.task_id
