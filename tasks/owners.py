"""Names of workers, and which of them are known to be dead."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterable

import psutil


def new_owner() -> str:
    """Return a name for one holder of leases: host, process, its start, and a random part."""
    started = round(psutil.Process().create_time() * 1000)
    return f"{socket.gethostname()}/{os.getpid()}/{started}/{uuid.uuid4().hex[:8]}"


def dead_among(names: Iterable[str]) -> list[str]:
    """Return the owners of this host whose process is gone.

    Their jobs need not wait for the lease to pass. Of other hosts nothing is known.
    """
    host = socket.gethostname()
    return [name for name in names if name.startswith(f"{host}/") and not _alive(name)]


def _alive(name: str) -> bool:
    _, pid, started, _ = name.rsplit("/", 3)
    try:
        process = psutil.Process(int(pid))
        same = abs(process.create_time() * 1000 - int(started)) < 1000
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
