"""A MongoDB replica set of one member: begun once, moved when the port changes."""

from __future__ import annotations

import time
from typing import Any

from pymongo import MongoClient
from pymongo.errors import NotPrimaryError, OperationFailure

REPLICA_SET = "rs0"
#: The code of "no replset config has been received".
NOT_YET_INITIALIZED = 94
#: Seconds a member may take to replay its log.
REPLAY_TIME = 60
#: Seconds an election of one may take.
ELECTION_TIME = 15
POLL = 0.02


def begin(client: MongoClient[dict[str, Any]], host: str, user: str, password: str) -> None:
    """Initiate the set and make its user: both allowed once, to a client without a name."""
    config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": host}]}
    client.admin.command("replSetInitiate", config)
    wait_primary(client)
    client.admin.command("createUser", user, pwd=password, roles=["root"])


def move(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Write the member's present address into the set's configuration.

    By force: a member that does not find itself in the configuration is no primary to ask.
    It looks for itself at the old address first, and gives up after 30 s if a stranger listens
    there and says nothing.
    """
    config = present_config(client)
    if config["members"][0]["host"] != host:
        config["members"][0]["host"] = host
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
    wait_primary(client)


def present_config(client: MongoClient[dict[str, Any]]) -> dict[str, Any]:
    """Return the set's configuration.

    A member that was killed answers while it still replays its log, and only later reads its
    configuration.
    """
    deadline = time.monotonic() + REPLAY_TIME
    while True:
        try:
            return dict(client.admin.command("replSetGetConfig")["config"])
        except OperationFailure as error:
            if error.code != NOT_YET_INITIALIZED or time.monotonic() > deadline:
                raise
        time.sleep(POLL)


def wait_primary(client: MongoClient[dict[str, Any]]) -> None:
    """Wait until the member takes writes.

    Raises:
        NotPrimaryError: it has not become the primary in time.
    """
    deadline = time.monotonic() + ELECTION_TIME
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise NotPrimaryError(f"not the primary of its set after {ELECTION_TIME} s")
        time.sleep(POLL)
