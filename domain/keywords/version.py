"""Which rules, word lists, tables and morphemes the keywords of a document were found with."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from domain.keywords.morphemes import kiwi_version


@cache
def keywords_version() -> str:
    """Return a name that changes whenever stems or scores may: counts of two are not mixed."""
    digest = hashlib.blake2b(digest_size=4)
    files = resources.files("domain.keywords").iterdir()
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith((".py", ".toml", ".gz")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"keywords-{digest.hexdigest()}+{kiwi_version()}"
