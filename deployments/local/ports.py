"""Which port each server listens on."""

from __future__ import annotations

import json
import random
import socket
import threading
from pathlib import Path

from deployments.local.private_file import write_private

HOST = "127.0.0.1"
#: Below the range from which Linux and macOS give ports to clients, so that a port we remember
#: is not in use by some outgoing connection when the stack comes back.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class PortBook:
    """Ports by server, remembered over restarts so that open clients find their server again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def take(self, server: str) -> int:
        """Return the port of last time if it is still free, else a free one."""
        with self._lock:
            last = self._ports.get(server)
            if last is not None and is_free(last):
                return last
            self._ports[server] = self._find()
            write_private(self._file, json.dumps(self._ports, indent=1))
            return self._ports[server]

    def _find(self) -> int:
        taken = set(self._ports.values())
        # Random, so that two stacks that start together rarely want the same one.
        candidates = random.sample(RANGE, k=len(RANGE))
        return next(port for port in candidates if port not in taken and is_free(port))
