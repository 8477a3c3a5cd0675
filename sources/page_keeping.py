"""Which pages may be kept whole: those without personal data."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from domain.errors import UndecodableText
from domain.masking import is_personal
from domain.reviews import Review
from sources.charset import decode
from sources.page_cache import CachedPage

_TAG = re.compile(r"<[^<>]{0,2000}>")
_ATTRIBUTE = re.compile(r"=\s?(?:\"([^\"<>]+)\"|'([^'<>]+)')")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def may_be_kept(page: CachedPage, reviews: Sequence[Review]) -> bool:
    """Whether neither the reviews of a page nor the rest of it hold anything to mask.

    A page is kept as it was answered, or not at all: in its raw text a number may be spread over
    tags and escapes, where nothing can be masked that is sure to be read again the same.
    """
    if any(review.masked for review in reviews):
        return False
    try:
        text, _ = decode(page.body, header=page.charset)
    except UndecodableText:
        return False
    return not is_personal(_readable(text)) and not is_personal(page.link)


def _readable(markup: str) -> str:
    """Return all that a page says: its text and scripts without tags, and what stands in tags."""
    text = html.unescape(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), markup))
    inside = (found[1] or found[2] for found in _ATTRIBUTE.finditer(text))
    return "\n".join((_TAG.sub(" ", text), *inside))
