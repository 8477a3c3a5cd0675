"""Foreign text made safe to look at: nothing hidden, nothing endless."""

from __future__ import annotations

import re

#: Characters that reorder, hide or break what is around them, and halves of characters.
#: Joiners stay: emoji are built with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def visible(raw: object, most: int) -> str:
    """Return the text on one line, at most `most` characters, unseen characters named.

    A right-to-left override becomes "‹U+202E›": a reader must see what the review holds, and
    must not have the rest of the page turned around by it.
    """
    text = " ".join(str(raw).split())
    if len(text) > most:
        text = text[: most - 1] + "…"
    return _UNSEEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)
