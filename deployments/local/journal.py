"""The running stack as written to `stack.json`, for those who look from outside."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from deployments.local.private_file import write_private
from deployments.local.processes import ProcessRecord

FILE = "stack.json"


@dataclass(slots=True)
class Journal:
    """Who runs which servers. Written before anything is started and after each start."""

    supervisor: ProcessRecord
    stack_id: str
    #: ISO 8601, UTC.
    started_at: str
    #: The addresses of our own servers by variable, once all are ready.
    addresses: dict[str, str] = field(default_factory=dict)
    servers: list[ProcessRecord] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def begin(cls) -> Journal:
        """Return the journal of a stack that this process is about to start."""
        supervisor = ProcessRecord.of("supervisor", os.getpid())
        return cls(supervisor, uuid4().hex, datetime.now(UTC).isoformat())

    @classmethod
    def read(cls, data_dir: Path) -> Journal | None:
        """Return the journal in a data folder, None if there is none."""
        try:
            state = json.loads((data_dir / FILE).read_text())
        except FileNotFoundError:
            return None
        return cls(
            ProcessRecord(**state["supervisor"]),
            state["stack_id"],
            state["started_at"],
            state["addresses"],
            [ProcessRecord(**server) for server in state["servers"]],
        )

    def add(self, data_dir: Path, server: ProcessRecord) -> None:
        """Write down a server that was just started; it replaces one of the same name."""
        with self._lock:
            others = [known for known in self.servers if known.name != server.name]
            self.servers = [*others, server]
            self.write(data_dir)

    def write(self, data_dir: Path) -> None:
        """Write the file in one move."""
        write_private(data_dir / FILE, json.dumps(self.to_state(), indent=1))

    def to_state(self) -> dict[str, Any]:
        """Return the journal as a JSON-able document."""
        return {
            "supervisor": self.supervisor.to_state(),
            "stack_id": self.stack_id,
            "started_at": self.started_at,
            "addresses": self.addresses,
            "servers": [server.to_state() for server in self.servers],
        }
