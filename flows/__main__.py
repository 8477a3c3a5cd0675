"""`python -m flows analyze-product '{"location": "…"}'`: one flow in this process.

The `cards` command starts flows this way, so that a killed flow takes nothing else with it.
Exit status: 0 as asked, 1 an error of ours (its line on standard error), 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from domain.errors import EmotionCardsError, InvalidRequest

if TYPE_CHECKING:
    from prefect import Flow


def main(arguments: list[str]) -> int:
    """Run the flow named by the first argument with the JSON parameters of the second."""
    from flows.registry import ENTRYPOINTS, flow_named

    if len(arguments) not in {1, 2} or arguments[0] not in ENTRYPOINTS:
        print(f"usage: python -m flows {{{','.join(sorted(ENTRYPOINTS))}}} [JSON]", file=sys.stderr)  # noqa: T201
        return 2
    flow = flow_named(arguments[0])
    try:
        outcome = flow(**_parameters(flow, *arguments[1:]))
    except EmotionCardsError as error:
        print(json.dumps({"error": error.code, "message": error.line}), file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(outcome, ensure_ascii=False))  # noqa: T201
    return 0


def _parameters(flow: Flow[..., Any], text: str = "{}") -> dict[str, Any]:
    """Return the parameters, checked before a run is made of them.

    Raises:
        InvalidRequest: they are no JSON object, or not the flow's.
    """
    from prefect.exceptions import ParameterTypeError, SignatureMismatchError

    try:
        given = json.loads(text)
    except ValueError as error:
        raise InvalidRequest(f"the parameters are not JSON: {error}") from error
    if not isinstance(given, dict):
        raise InvalidRequest("the parameters are not a JSON object")
    try:
        flow.validate_parameters(given)
    except (ParameterTypeError, SignatureMismatchError) as error:
        raise InvalidRequest(str(error)) from error
    return given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
