"""Clients that a process makes once per address, and closes when asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class ClientCache(Generic[T]):
    """Clients by their address and options; safe among threads, remade after a fork."""

    def __init__(self, close: Callable[[T], None]) -> None:
        self._close = close
        self._clients: dict[tuple[Hashable, ...], T] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """Return the client for a key, made by `make` the first time."""
        own = (os.getpid(), *key)
        with self._lock:
            if own not in self._clients:
                self._clients[own] = make()
            return self._clients[own]

    def close_all(self) -> None:
        """Close every client of this process; the next use makes new ones."""
        with self._lock:
            for (pid, *_), client in self._clients.items():
                if pid == os.getpid():
                    self._close(client)
            self._clients.clear()
