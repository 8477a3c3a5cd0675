"""The same crawl over HTTP/2, which a TLS server may choose."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from crawling import NOW, QUICK
from hostile_server import html, product, review
from test_crawl_refusals import self_signed

from settings.models import CrawlSettings
from sources.base import SourceSpec
from sources.pacing import HostPacer
from sources.page_cache import MemoryPageCache
from sources.web import WebSource


@dataclass
class Http2Server:
    """Answers every path of one connection after another with one page."""

    tls: ssl.SSLContext
    body: bytes
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):  # the listening socket is closed, or the client hung up
            while True:
                plain, _ = self._socket.accept()
                plain.settimeout(5)
                with self.tls.wrap_socket(plain, server_side=True) as stream:
                    self._talk(stream)

    def _talk(self, stream: ssl.SSLSocket) -> None:
        talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        talk.initiate_connection()
        stream.sendall(talk.data_to_send())
        while data := stream.recv(65536):
            for event in talk.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._answer(talk, event)
            stream.sendall(talk.data_to_send())

    def _answer(self, talk: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        path = dict(event.headers)[b":path"].decode()
        self.asked.append(path)
        found = path != "/robots.txt"
        status = [(":status", "200" if found else "404"), ("content-type", "text/html")]
        talk.send_headers(event.stream_id, status)
        talk.send_data(event.stream_id, self.body if found else b"", end_stream=True)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Http2Server]:
    file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.set_alpn_protocols(["h2"])
    running = Http2Server(context, html(product(review(1))).encode())
    yield running
    running.close()


def test_a_server_that_speaks_http2_is_read(server: Http2Server) -> None:
    settings = CrawlSettings(**QUICK, allowed_private_hosts=[f"127.0.0.1:{server.port}"])
    spec = SourceSpec(f"https://127.0.0.1:{server.port}/p")
    cache = MemoryPageCache()
    source = WebSource(spec, settings, pacer=HostPacer(), cache=cache, clock=lambda: NOW)
    (batch,) = source.batches(None)
    assert [one.review_id for one in batch.reviews] == ["r1"]
    assert server.asked == ["/robots.txt", "/p"]
