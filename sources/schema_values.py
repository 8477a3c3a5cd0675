"""Values of schema.org nodes, whichever syntax they came in.

A node is a dict as JSON-LD has it. Names may be short ("review"), prefixed ("schema:review") or
whole addresses; values may be single, lists, or wrapped in {"@value": …}.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_PREFIXES = ("", "schema:", "http://schema.org/", "https://schema.org/")


def values(node: Node, name: str) -> list[Any]:
    """Return all values of a property, unwrapped."""
    for prefix in _PREFIXES:
        found = node.get(prefix + name)
        if found is not None:
            return [unwrapped(value) for value in (found if isinstance(found, list) else [found])]
    return []


def first(node: Node, *names: str) -> Any:
    """Return the first value there is of the properties, None without one."""
    for name in names:
        for value in values(node, name):
            if value is not None and value != "":
                return value
    return None


def unwrapped(value: Any) -> Any:
    """Return what a JSON-LD value object holds; other values as they are."""
    return value["@value"] if isinstance(value, dict) and "@value" in value else value


def types_of(node: Node) -> frozenset[str]:
    """Return the local names of a node's types: {"Product"}."""
    raw = node.get("@type", [])
    listed = raw if isinstance(raw, list) else [raw]
    return frozenset(local_name(text) for text in listed if isinstance(text, str))


def local_name(name: str) -> str:
    """Return a name without the vocabulary in front of it: "Review" of "schema:Review"."""
    return name.rpartition("/")[2].rpartition("#")[2].removeprefix("schema:")


def node_values(node: Node, name: str) -> Iterator[dict[str, Any]]:
    """Yield the values of a property that are nodes."""
    for value in values(node, name):
        if isinstance(value, dict):
            yield value


def label(value: Any) -> str | None:
    """Return the name of a thing given as text or as a node with a name."""
    if isinstance(value, dict):
        value = first(value, "name")
    return value.strip() or None if isinstance(value, str) else None


def number(value: Any) -> float | None:
    """Return a finite number given as number or text, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        parsed = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def count(value: Any) -> int | None:
    """Return a count given as number or text ("1,234"), None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    digits = re.sub(r"[,\s]", "", str(value)).removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 12 else None


def scale(node: Node, *, best: float, worst: float) -> tuple[float, float]:
    """Return best and worst rating a node declares, where they make a scale; else the given."""
    own_best = number(first(node, "bestRating"))
    own_worst = number(first(node, "worstRating"))
    declared = (best if own_best is None else own_best, worst if own_worst is None else own_worst)
    return declared if declared[0] > declared[1] else (best, worst)
