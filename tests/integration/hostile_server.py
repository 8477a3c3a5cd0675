"""A shop that misbehaves, on real sockets: each path does what a test tells it to."""

from __future__ import annotations

import json
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Send = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request, and the ways to answer it."""

    handler: BaseHTTPRequestHandler
    path: str
    query: dict[str, str]
    #: The how-manieth request for this path it is, from 1.
    turn: int

    @property
    def headers(self) -> Mapping[str, str]:
        return self.handler.headers

    def send(
        self,
        body: bytes | str = b"",
        *,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        **headers: str,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.start(
            status, {"Content-Type": content_type, "Content-Length": str(len(data))}, headers
        )
        self.handler.wfile.write(data)

    def start(self, status: int, *headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        for group in headers:
            for name, value in group.items():
                self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def stream(self, pieces: Iterator[bytes], **headers: str) -> None:
        """Send pieces in chunked coding until the other side hangs up."""
        self.start(200, {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}, headers)
        try:
            for piece in pieces:
                self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.handler.wfile.flush()
            self.handler.wfile.write(b"0\r\n\r\n")
        except (ConnectionError, BrokenPipeError):
            self.handler.close_connection = True


@dataclass
class HostileServer:
    """A server on a free loopback port; `on(path)` registers an answer, the rest is 404."""

    tls: ssl.SSLContext | None = None
    routes: dict[str, Send] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    seen: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = _QuietServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        if self.tls:
            self._http.socket = self.tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}{path}"

    def on(self, path: str, send: Send) -> str:
        """Answer the path with a function of the exchange; return its address."""
        self.routes[path] = send
        return self.url(path)

    def page(self, path: str, body: bytes | str, **options: Any) -> str:
        """Answer the path with a body; return its address."""
        return self.on(path, lambda exchange: exchange.send(body, **options))

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.asked[handler.path] += 1
        self.seen.append((handler.path, dict(handler.headers)))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        exchange = Exchange(handler, handler.path, query, self.asked[handler.path])
        send = self.routes.get(handler.path) or self.routes.get(parts.path)
        if send:
            send(exchange)
        else:
            exchange.send("nothing here", status=404)


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that hang up are what these tests are about."""


def review(number: int, **changes: Any) -> dict[str, Any]:
    """Return a schema.org review as JSON-LD."""
    return {
        "@type": "Review",
        "@id": f"r{number}",
        "reviewBody": f"배송이 빠르고 정말 좋아요 {number}",
        "reviewRating": {"@type": "Rating", "ratingValue": 4},
        "datePublished": "2025-03-01",
        **changes,
    }


def product(*reviews: Any, **changes: Any) -> dict[str, Any]:
    """Return a schema.org product as JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": "무선 청소기",
        "offers": {"@type": "Offer", "price": "129,000", "priceCurrency": "KRW"},
        "review": list(reviews),
        **changes,
    }


def html(*documents: Any, head: str = "", body: str = "") -> str:
    """Return a page with JSON-LD blocks; strings among them are put in as they are."""
    blocks = "".join(
        '<script type="application/ld+json">'
        + (doc if isinstance(doc, str) else json.dumps(doc))
        + "</script>"
        for doc in documents
    )
    return f"<!doctype html><html><head>{head}{blocks}</head><body>{body}</body></html>"
