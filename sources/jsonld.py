"""JSON-LD blocks of a page; damaged ones are repaired where it is plain how."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import lxml.html

from domain.rejections import Rejected, RejectReason

#: Of a block that cannot be read, this many characters are kept.
MAX_KEPT_CHARS = 50_000
#: Broken blocks of one page looked at; no honest page has as many.
MAX_BROKEN = 50

#: One token: a string (even if never closed), a comment, or a CDATA or HTML comment mark.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*|/\*.*?\*/|<!\[CDATA\[|\]\]>|<!--|-->', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')


def parse_lenient(text: str) -> Any:
    """Return the value of a JSON text, with comments, trailing commas and raw control characters.

    Raises:
        ValueError: it is not JSON even so, or nested too deep.
    """
    # A BOM, or a semicolon behind the object, is left over from the script it once was.
    text = text.strip().lstrip("\ufeff").rstrip("; \t\r\n")
    try:
        return _loads(text)
    except ValueError:
        repaired = _STRING_OR_COMMA.sub(_drop_comma, _TOKEN.sub(_repair_token, text))
    try:
        return _loads(repaired)
    except ValueError:
        if "&quot;" not in text:
            raise
    return _loads(html.unescape(text))


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _repair_token(match: re.Match[str]) -> str:
    token = match[0]
    return _ESCAPE.sub(_drop_backslash, token) if token.startswith('"') else " "


def _drop_backslash(match: re.Match[str]) -> str:
    return match[0] if match[1] else ""


def _drop_comma(match: re.Match[str]) -> str:
    return "" if match[0] == "," else match[0]


def read_jsonld(tree: lxml.html.HtmlElement, *, where: str) -> tuple[list[Any], list[Rejected]]:
    """Return the values of all JSON-LD blocks, and the blocks that cannot be read."""
    values: list[Any] = []
    rejected: list[Rejected] = []
    for script in tree.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").strip().lower()
        if not kind.startswith("application/ld+json") or not text.strip():
            continue
        try:
            value = parse_lenient(text)
        except ValueError as error:
            if len(rejected) == MAX_BROKEN:
                message = f"more than {MAX_BROKEN} JSON-LD blocks are broken; the rest is not read"
                rejected.append(Rejected(RejectReason.BROKEN_JSON, message, where))
                break
            message = f"a JSON-LD block is not JSON: {error}"
            kept = text[:MAX_KEPT_CHARS]
            rejected.append(Rejected(RejectReason.BROKEN_JSON, message, where, kept))
        else:
            values.extend(value if isinstance(value, list) else [value])
    return values, rejected
