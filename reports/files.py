"""Reports on disk: whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_MAX_NAME = 80


def report_name(task_id: str) -> str:
    """Return the report's file name: no separators, no dots, one name a task.

    An id that had to be changed carries a hash, so that two ids never share a file.
    """
    name = _UNSAFE.sub("_", task_id)[:_MAX_NAME]
    if name != task_id or not name:
        digest = hashlib.blake2b(task_id.encode("utf-8", "surrogatepass"), digest_size=6)
        name = f"{name}-{digest.hexdigest()}"
    return f"{name}.report.html"


def write_report(html: str, folder: Path, task_id: str) -> Path:
    """Write the report and return its path; readers see the old one or the new, never half.

    Raises:
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / report_name(task_id)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".report-", suffix=".tmp")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(html)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        # After the rename there is nothing under this name any more.
        unfinished.unlink(missing_ok=True)
    return target
