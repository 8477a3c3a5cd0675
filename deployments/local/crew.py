"""The servers together: started side by side, stopped one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Event

from deployments.local.server import Server

#: Told what becomes of a server: its name and a few words.
Progress = Callable[[str, str], None]
#: Seconds between two looks at the messages of servers that are starting.
TELL_EVERY = 0.05


class Crew:
    """Servers in the order in which they are stopped, reversed."""

    def __init__(self, servers: Sequence[Server], on_progress: Progress | None) -> None:
        self.servers = list(servers)
        self._on_progress = on_progress
        self._messages: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._stopping = Event()
        self._starting: set[Future[None]] = set()
        # A thread a server, alive until all servers are stopped: the kernel ends a server with
        # the thread that started it (see launcher.py).
        self._threads = ThreadPoolExecutor(max(1, len(self.servers)), "stack")

    def start(self) -> None:
        """Start all, each as soon as those it needs are usable.

        Raises:
            StackError: the first trouble, by name; those that run already go on running.
        """
        waiting = list(self.servers)
        absent = {server.key for server in self.servers}
        running: dict[Future[None], Server] = {}
        while waiting or running:
            for server in [one for one in waiting if not one.needs & absent]:
                waiting.remove(server)
                running[self._submit(server)] = server
            done, _ = wait(running, TELL_EVERY, FIRST_COMPLETED)
            self._tell()
            for future in done:
                absent.discard(running.pop(future).key)
                future.result()

    def stop(self) -> None:
        """Stop all, last first; trouble with one does not spare the others."""
        self._stopping.set()
        wait(self._starting)
        with ExitStack() as tasks:
            # Callbacks run last first, too.
            tasks.callback(self._threads.shutdown)
            for server in self.servers:
                tasks.callback(self._stop, server)

    def check(self) -> None:
        """Raise ServerDied if one of them is gone."""
        for server in self.servers:
            server.check()

    def _submit(self, server: Server) -> Future[None]:
        future = self._threads.submit(self._bring_up, server)
        self._starting.add(future)
        return future

    def _bring_up(self, server: Server) -> None:
        began = time.monotonic()
        self._messages.put((server.name, "starting"))
        server.start(self._stopping)
        note = f"; {server.note}" if server.note else ""
        self._messages.put((server.name, f"ready in {time.monotonic() - began:.1f} s{note}"))

    def _stop(self, server: Server) -> None:
        if server.child is not None:
            self._messages.put((server.name, "stopping"))
            self._tell()
            server.stop()

    def _tell(self) -> None:
        """Pass messages on in the caller's thread: its display need not be thread-safe."""
        while not self._messages.empty():
            name, words = self._messages.get()
            if self._on_progress is not None:
                self._on_progress(name, words)
