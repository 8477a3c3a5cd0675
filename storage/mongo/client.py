"""Connections to MongoDB, and the one place where its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from pymongo import MongoClient, errors
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from domain.errors import StoreRejected, StoreUnavailable
from settings.models import MongoSettings
from storage.connections import ClientCache

Document = dict[str, Any]

#: Server error codes that pass: interrupted, shutting down, stepped down, conflicts.
_PASSING_CODES = frozenset({6, 7, 50, 89, 91, 112, 189, 251, 262, 10107, 11600, 11602, 13435})


_clients: ClientCache[MongoClient[Document]] = ClientCache(MongoClient.close)


def _client(dsn: str, pool_size: int, timeout: float) -> MongoClient[Document]:
    return MongoClient(
        dsn,
        appname="emotion-cards",
        maxPoolSize=pool_size,
        timeoutMS=round(timeout * 1000),
        serverSelectionTimeoutMS=round(timeout * 1000),
        tz_aware=True,
        retryWrites=True,
    )


def database_for(settings: MongoSettings) -> Database[Document]:
    """Return this process's database handle: majority writes, majority reads.

    Raises:
        StoreUnavailable: no DSN is set and no embedded server runs.
    """
    if settings.dsn is None:
        message = "no MongoDB: start the platform with `cards up`, or set EC_MONGO__DSN"
        raise StoreUnavailable(message)
    with translated():
        key = (settings.dsn.get_secret_value(), settings.pool_size, settings.timeout)
        client = _clients.get(key, lambda: _client(*key))
        return client.get_database(
            settings.database,
            write_concern=WriteConcern("majority", j=True),
            read_concern=ReadConcern("majority"),
        )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours.

    Raises:
        StoreUnavailable: worth another try.
        StoreRejected: the server refused the command or a document.
    """
    try:
        yield
    except (errors.ConnectionFailure, errors.ExecutionTimeout, errors.WTimeoutError) as error:
        raise StoreUnavailable(f"MongoDB: {_reason(error)}") from error
    except (UnicodeError, OverflowError, BSONError) as error:
        raise StoreRejected(f"MongoDB takes no such value: {error}"[:500]) from error
    except errors.PyMongoError as error:
        passing = error.timeout or getattr(error, "code", None) in _PASSING_CODES
        if passing or error.has_error_label("TransientTransactionError"):
            raise StoreUnavailable(f"MongoDB: {_reason(error)}") from error
        raise StoreRejected(f"MongoDB: {_reason(error)}") from error


def _reason(error: errors.PyMongoError) -> str:
    """Return the first of what may be hundreds of write errors, and short."""
    details = getattr(error, "details", None)
    if isinstance(details, dict) and details.get("writeErrors"):
        return str(details["writeErrors"][0].get("errmsg", error))[:500]
    return str(error).split(", full error", 1)[0][:500]


def close_clients() -> None:
    """Forget this process's clients (before its servers stop)."""
    _clients.close_all()
