"""The servers' passwords: made once a data folder, kept beside the data they guard."""

from __future__ import annotations

import json
import secrets
import threading
from pathlib import Path

from deployments.local.private_file import write_private


class Passwords:
    """Passwords by server, in a file of mode 0600."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def of(self, server: str) -> str:
        """Return the server's password, URL-safe; the first call makes it."""
        with self._lock:
            known = json.loads(self._file.read_text()) if self._file.exists() else {}
            if server not in known:
                known[server] = secrets.token_urlsafe(24)
                write_private(self._file, json.dumps(known, indent=1))
            return str(known[server])
