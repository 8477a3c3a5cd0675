"""Pages that ask for a login instead of showing what was asked for."""

from __future__ import annotations

import re

import httpx
from lxml.etree import XPath, _Element

_LOGIN_PATH = re.compile(
    r"/(nid)?(log|sign)[-_]?(in|on)(form|page|view)?(\.\w+)?(/|$)|/sso(/|$)|/auth(enticate)?(/|$)",
    re.IGNORECASE,
)
_PASSWORD_FIELD = XPath("boolean(//input[translate(@type, 'PASWORD', 'pasword') = 'password'])")


def leads_to_login(asked: httpx.URL, redirected: httpx.URL) -> bool:
    """Whether a redirect swaps the page for a login page."""
    return bool(_LOGIN_PATH.search(redirected.path)) and not _LOGIN_PATH.search(asked.path)


def has_password_field(tree: _Element) -> bool:
    """Whether the page asks for a password."""
    return bool(_PASSWORD_FIELD(tree))
