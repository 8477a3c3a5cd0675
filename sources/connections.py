"""Connections to checked addresses only, under httpx.

httpx asks for a host, this backend resolves and checks it, and connects to the very address it
checked. TLS still verifies the certificate against the host's name.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from domain.errors import CertificateInvalid
from sources.deadlines import Deadline
from sources.networks import NetworkPolicy

MAX_CONNECTIONS = 8
KEEPALIVE_SECONDS = 15.0
#: How a peer that hangs up during the handshake looks; that may pass.
_HANG_UPS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


class TimedStream(httpcore.NetworkStream):
    """A stream whose every wait is capped by the page's deadline.

    A time-out per read alone lets a host that sends one byte at a time hold us for days.
    """

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes."""
        return self._inner.read(max_bytes, self._deadline.cap(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._inner.write(buffer, self._deadline.cap(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the stream under TLS.

        Raises:
            CertificateInvalid: certificate or handshake are not acceptable.
        """
        capped = self._deadline.cap(timeout)
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, capped)
        except httpcore.ConnectError as error:
            cause = error.__cause__ or error.__context__
            if isinstance(cause, ssl.SSLError) and not isinstance(cause, _HANG_UPS):
                raise CertificateInvalid(_tls_line(server_hostname, cause)) from error
            raise
        return TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what the inner stream knows of itself."""
        return self._inner.get_extra_info(info)


def _tls_line(host: str | None, cause: ssl.SSLError) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        advice = "if you trust it, put its authority into the file SSL_CERT_FILE names"
        return f"the certificate of {host} is not valid: {cause.verify_message}; {advice}"
    return f"no secure connection to {host}: {cause.reason or cause}"


class CheckedBackend(httpcore.NetworkBackend):
    """Opens TCP connections to addresses the policy has checked."""

    def __init__(self, policy: NetworkPolicy, deadline: Deadline) -> None:
        self._policy = policy
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of the host that answers."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._policy.addresses(host, port):
            capped = self._deadline.cap(timeout)
            try:
                stream = self._inner.connect_tcp(
                    address, port, capped, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")


class _Stream(httpx.SyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        self._inner.close()


class CheckedTransport(httpx.BaseTransport):
    """httpx's way to the network, through `CheckedBackend`; no proxies.

    httpx has no public place for a network backend, so the few lines between it and httpcore
    are here. The CA bundle is the system's, or the one `SSL_CERT_FILE` names.
    """

    def __init__(self, policy: NetworkPolicy, deadline: Deadline) -> None:
        self._backend = CheckedBackend(policy, deadline)
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        """Return the pool of a scheme: reading the CA bundle takes longer than most pages."""
        if scheme not in self._pools:
            self._pools[scheme] = httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context() if scheme == "https" else None,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=MAX_CONNECTIONS,
                keepalive_expiry=KEEPALIVE_SECONDS,
                http1=True,
                http2=True,
                network_backend=self._backend,
            )
        return self._pools[scheme]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the body of the response is not read yet."""
        url = request.url
        answer = self._pool(url.scheme).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()
