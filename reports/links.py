"""Which addresses a reader of a report can open, wherever the report is read."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

#: Names that only one machine or one network knows (RFC 6761, 6762, 8375, and habit).
_INNER: Final = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid)$"
)
#: Browsers read `127.1` and `0x7f.0.0.1` as numbers too.
_NUMERIC: Final = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
#: A backslash or a user's name may hide where an address leads.
_TRICKS: Final = re.compile(r"[\\@\s]")


def is_public(url: str) -> bool:
    """Return whether it is a web address that others can open too.

    An address on loopback or in a private network is dead, or somebody else's machine, for
    whoever reads the report elsewhere or later.
    """
    if not url.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return False
    if _TRICKS.search(parts.netloc):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not (_INNER.search(host) or _NUMERIC.search(host))
