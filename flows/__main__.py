"""`python -m flows analyze-product '{"location": "…"}'`: one flow in this process.

The `cards` command starts flows this way, so that a killed flow takes nothing else with it.
Exit status: 0 as asked, 1 an error of ours (its line on standard error), 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from domain.errors import EmotionCardsError


def main(arguments: list[str]) -> int:
    """Run the flow named by the first argument with the JSON parameters of the second."""
    from flows.registry import FLOWS

    if len(arguments) not in {1, 2} or arguments[0] not in FLOWS:
        print(f"usage: python -m flows {{{','.join(sorted(FLOWS))}}} [JSON]", file=sys.stderr)  # noqa: T201
        return 2
    parameters: dict[str, Any] = json.loads(arguments[1]) if len(arguments) > 1 else {}
    try:
        outcome = FLOWS[arguments[0]](**parameters)
    except EmotionCardsError as error:
        print(json.dumps({"error": error.code, "message": error.line}), file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(outcome, ensure_ascii=False))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
