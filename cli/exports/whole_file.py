"""Files that are whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only once the block has ended well.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            # As a file made by `open` would have, and not private as temporary ones are.
            os.fchmod(file.fileno(), 0o666 & ~_umask())
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        # After the rename there is nothing under this name any more.
        unfinished.unlink(missing_ok=True)


def _umask() -> int:
    """Return the process's umask; the system tells it only to those who set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
