"""A web server in a thread of its own, on loopback only."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from domain.errors import InvalidRequest, SourceUnavailable

_START_SECONDS = 10.0
#: Requests under way when the server stops get this long.
_STOP_SECONDS = 3


class _Server(uvicorn.Server):
    """Tells when it listens; uvicorn itself can only be polled."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class LoopbackServer:
    """Serves an ASGI application from `start()` to `stop()`; `bind()` chooses the port."""

    def __init__(self, host: str, port: int) -> None:
        """Take the port; 0 takes a free one.

        Raises:
            InvalidRequest: not a loopback address, or the port cannot be had.
        """
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: ASGIApp) -> None:
        """Return when the first request can be answered.

        Raises:
            SourceUnavailable: the server did not come up.
        """
        # No log_config: the server must not rearrange the logging of the process it lives in.
        # Errors reach the root logger, or stderr if nobody set one up.
        config = uvicorn.Config(
            app,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        self._server = _Server(config)
        run = self._server.run
        self._thread = threading.Thread(
            target=run, args=([self._socket],), name=f"demo-shop-{self.port}", daemon=True
        )
        self._thread.start()
        if not self._server.listening.wait(_START_SECONDS):
            self.stop()
            raise SourceUnavailable(f"the demo shop did not start within {_START_SECONDS:g} s")

    def stop(self) -> None:
        """Finish what is under way, free the port and end the thread."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._socket.close()
        self._server = self._thread = None

    def __enter__(self) -> LoopbackServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _bound(host: str, port: int) -> socket.socket:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise InvalidRequest(f"{host!r} is not an address like 127.0.0.1") from None
    if not address.is_loopback:
        raise InvalidRequest(f"the demo shop opens on loopback only, not on {host}")
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    # The protocol is named because asyncio turns Nagle's delay (40 ms a page) off only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Lets the shop open again at once where an earlier one has just closed.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EPERM):
            why = "in use" if error.errno == errno.EADDRINUSE else "not allowed to you"
            raise InvalidRequest(f"port {port} on {host} is {why}; 0 takes a free one") from error
        raise InvalidRequest(f"port {port} on {host}: {error}") from error
    except OverflowError:
        listener.close()
        raise InvalidRequest(f"{port} is not a port; ports are 0 to 65535") from None
    return listener
