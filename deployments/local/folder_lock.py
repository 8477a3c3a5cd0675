"""One stack a data folder, whatever else goes wrong."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FolderLock:
    """A lock the kernel frees when its holder dies, however it dies."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "stack.lock"
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if another process (or another stack of this one) has it."""
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Free the lock. The file stays: removing it would let two holders in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
