"""The embedded stack: every server the platform needs, in one data folder, on free ports."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from signal import SIGTERM
from types import TracebackType
from typing import Protocol, Self

from deployments.local.addresses import Addresses, written_addresses
from deployments.local.crew import Crew, Progress
from deployments.local.errors import StackAlreadyRunning, StackError
from deployments.local.folder_lock import FolderLock
from deployments.local.journal import Journal
from deployments.local.mongo_server import MongoServer
from deployments.local.passwords import Passwords
from deployments.local.ports import PortBook
from deployments.local.postgres_server import PostgresServer
from deployments.local.prefect_environment import client_environment
from deployments.local.prefect_server import PrefectServer
from deployments.local.prefect_worker import PrefectWorker
from deployments.local.private_file import write_private
from deployments.local.processes import end, marked
from deployments.local.recovery import (
    RunningStack,
    foreign_folder,
    forget,
    recover,
    running_stack,
    stop_running,
    take_lock,
)
from deployments.local.server import Server, Site
from deployments.local.tansu_server import TansuServer
from deployments.local.termination import Termination
from deployments.local.valkey_server import ValkeyServer
from settings import Settings
from settings.models import STACK_ENV

#: Seconds that strays get to end by themselves.
STRAY_GRACE = 5

__all__ = ["LocalStack", "RunningStack", "StackHandle", "running_stack", "stop_running"]


class StackHandle(Protocol):
    """What users of a running stack may ask of it."""

    @property
    def addresses(self) -> Addresses:
        """Where each server is."""

    def environment(self) -> dict[str, str]:
        """Return the variables for a process that works on the stack."""

    def process_ids(self) -> dict[str, list[int]]:
        """Return the process ids by server, those below it included."""

    def check(self) -> None:
        """Raise ServerDied if a server is gone."""


class LocalStack:
    """PostgreSQL, MongoDB, Valkey, Tansu and Prefect in a data folder.

    A server whose address the settings name is not started; that address is used. Start and stop
    from the main thread if signals shall stop the stack: SIGTERM and SIGHUP then raise SystemExit.
    """

    def __init__(
        self,
        data_dir: Path,
        settings: Settings,
        *,
        with_prefect: bool = True,
        with_worker: bool = False,
        on_progress: Progress | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._settings = settings
        self._with_prefect = with_prefect
        self._with_worker = with_worker
        self._on_progress = on_progress
        self._termination = Termination()
        self._lock: FolderLock | None = None
        self._given = Addresses()
        self._journal = Journal.begin()
        self._crew = Crew([], None)

    @property
    def addresses(self) -> Addresses:
        """Where each server is, the user's own included; None where there is none."""
        own = {server.field: server.address() for server in self._crew.servers if server.field}
        return replace(self._given, **own)

    def environment(self) -> dict[str, str]:
        """Return the variables for a process that works on the stack."""
        variables = {**self.addresses.variables(), "EC_DATA_DIR": str(self.data_dir)}
        api_url = self.addresses.prefect_api_url
        if api_url is None:
            return variables
        if self._given.prefect_api_url:
            return {**variables, "PREFECT_API_URL": api_url}
        return {**variables, **client_environment(self.data_dir, api_url)}

    def process_ids(self) -> dict[str, list[int]]:
        """Return the process ids by server, those below it included."""
        return {
            server.name: [process.pid for process in server.child.family()]
            for server in self._crew.servers
            if server.child is not None
        }

    def start(self) -> None:
        """Start all servers; returns when all are usable.

        Raises:
            StackAlreadyRunning: another process runs a stack on this folder.
            StackError: a server cannot be run, died or does not become usable, by name. All
                others are stopped again.
        """
        if self._lock is not None:
            raise StackAlreadyRunning(self.data_dir, os.getpid())
        with foreign_folder(self.data_dir), ExitStack() as undo:
            undo.callback(self.stop)
            self._open()
            self._crew.start()
            self._publish()
            undo.pop_all()

    def stop(self) -> None:
        """Stop all servers, the worker first and PostgreSQL last. Nothing is left running."""
        if self._lock is None:
            return
        with self._termination.held_off(), ExitStack() as last:
            last.callback(self._lock.release)
            last.callback(forget, self.data_dir)
            last.callback(self._sweep)
            self._crew.stop()
        self._lock = None
        self._termination.release()

    def check(self) -> None:
        """Raise ServerDied, with the end of its log, if a server is gone."""
        self._crew.check()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _open(self) -> None:
        """Take the folder, clear up after a killed stack, and choose the servers."""
        make_data_dir(self.data_dir)
        self._lock = take_lock(self.data_dir)
        self._termination.catch()
        self._given = given_addresses(self._settings, self.data_dir)
        recover(self.data_dir)
        self._journal = Journal.begin()
        self._journal.write(self.data_dir)
        self._crew = Crew(self._recruit(self._site()), self._on_progress)

    def _site(self) -> Site:
        ports = PortBook(self.data_dir / "ports.json")
        passwords = Passwords(self.data_dir / "passwords.json")
        return Site(self.data_dir, ports, passwords, self._journal)

    def _recruit(self, site: Site) -> list[Server]:
        """Return the servers to run, in the order in which they are stopped, reversed."""
        given = self._given
        postgres = PostgresServer(site)
        prefect = PrefectServer(site, lambda: given.postgres_dsn or postgres.address())
        stores = [postgres, MongoServer(site), ValkeyServer(site), TansuServer(site)]
        servers: list[Server] = [*stores, *([prefect] if self._with_prefect else [])]
        servers = [one for one in servers if not getattr(given, one.field or "")]
        if self._with_worker:
            if not (self._with_prefect or given.prefect_api_url):
                raise StackError("a worker needs a Prefect server")
            pool = self._settings.prefect.work_pool
            servers.append(PrefectWorker(site, pool, self.environment))
        return servers

    def _publish(self) -> None:
        """Tell other processes of this folder where the servers are.

        Only our own: an address of the user's reaches them as it reached us, and must not
        outlive its variable in a file.
        """
        own = self.addresses.without(self._given.variables()).variables()
        self._journal.addresses = own
        self._journal.write(self.data_dir)
        lines = [f"{name}='{value}'\n" for name, value in own.items()]
        write_private(self.data_dir / STACK_ENV, "".join(lines))

    def _sweep(self) -> None:
        """End what the servers left running: flow runs of a worker that had to be killed."""
        end(marked(self._journal.stack_id), SIGTERM, STRAY_GRACE)


def given_addresses(settings: Settings, data_dir: Path) -> Addresses:
    """Return the addresses the user has set.

    Settings also read the file of addresses a stack writes into its folder, and the file of a
    killed stack is still there: what its journal has as its own is not the user's.
    """
    given = Addresses.in_settings(settings)
    for folder in {data_dir, settings.data_dir.absolute()}:
        given = given.without(written_addresses(folder))
    return given


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder; each server's own folder in it is private."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        # Root's servers run as another user, who must get through, but need not look around.
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
