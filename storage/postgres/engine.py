"""Connections to PostgreSQL, and the one place where its errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import Session, sessionmaker

from domain.errors import InvalidRequest, StoreRejected, StoreUnavailable
from settings.models import PostgresSettings
from storage.connections import ClientCache

#: Errors of the connection, of a server that shuts down, of a lock: worth another try.
_TRANSIENT = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError)


def sqlalchemy_url(dsn: str) -> str:
    """Return a libpq URL as SQLAlchemy's, with the psycopg driver named."""
    try:
        url = make_url(dsn)
    except (exc.ArgumentError, ValueError) as error:
        message = (
            "EC_POSTGRES__DSN is not a URL like postgresql://user:password@host:5432/database; "
            "several hosts: postgresql://user:password@/database?host=a:5432&host=b:5432"
        )
        raise InvalidRequest(message) from error
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


_engines: ClientCache[Engine] = ClientCache(Engine.dispose)


def _engine(url: str, pool_size: int, connect_timeout: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=connect_timeout * 2,
        connect_args={
            "connect_timeout": max(2, round(connect_timeout)),
            "application_name": "emotion-cards",
            "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s",
        },
    )
    event.listen(engine, "handle_error", _drop_unusable)
    return engine


def _drop_unusable(context: ExceptionContext) -> None:
    """Take a pooled connection that cannot be asked whether it lives for a lost one.

    A store that goes away at the wrong moment may leave one in the middle of a statement; the
    driver then refuses the question itself, which is no error of whoever wants a connection.
    """
    if context.is_pre_ping:
        context.is_disconnect = True


def engine_for(settings: PostgresSettings) -> Engine:
    """Return this process's engine for the settings; made once.

    Raises:
        StoreUnavailable: no DSN is set and no embedded server runs.
    """
    if settings.dsn is None:
        message = "no PostgreSQL: start the platform with `cards up`, or set EC_POSTGRES__DSN"
        raise StoreUnavailable(message)
    url = sqlalchemy_url(settings.dsn.get_secret_value())
    key = (url, settings.pool_size, settings.connect_timeout)
    return _engines.get(key, lambda: _engine(*key))


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours.

    Raises:
        StoreUnavailable: worth another try.
        StoreRejected: the server refused the statement or the row.
    """
    try:
        yield
    except _TRANSIENT as error:
        raise StoreUnavailable(f"PostgreSQL: {_reason(error)}") from error
    except UnicodeError as error:
        raise StoreRejected(f"PostgreSQL takes no such text: {error}"[:500]) from error
    except exc.SQLAlchemyError as error:
        raise StoreRejected(f"PostgreSQL: {_refusal(error)}") from error


def _refusal(error: exc.SQLAlchemyError) -> str:
    original = getattr(error, "orig", None)
    if isinstance(original, UndefinedTable):
        return "the tables are not there yet; `cards up` makes them"
    if isinstance(original, UndefinedColumn):
        return (
            "the tables are of an older release; `cards up` brings them up to date, "
            "`cards up --no-worker` with servers of your own"
        )
    return _reason(error)


def _reason(error: exc.SQLAlchemyError) -> str:
    original = getattr(error, "orig", None)
    return str(original or error).strip().split("\n", 1)[0]


@contextmanager
def unit_of_work(settings: PostgresSettings) -> Iterator[Session]:
    """Open one transaction; it commits when the block ends well, and only then.

    Raises:
        StoreUnavailable, StoreRejected: as in `translated`.
    """
    factory = sessionmaker(engine_for(settings), expire_on_commit=False)
    with translated(), factory.begin() as session:
        yield session


def dispose_engines() -> None:
    """Close this process's connections (before its servers stop)."""
    _engines.close_all()
