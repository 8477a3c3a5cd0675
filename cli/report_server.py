"""Reports over HTTP on loopback: links from the Prefect UI may not open files."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
PORT_FILE = "reports.port"


class _Reports(SimpleHTTPRequestHandler):
    """Serves the reports' folder; says nothing in the terminal."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Write nothing."""


@contextmanager
def serve_reports(data_dir: Path, reports_dir: Path) -> Iterator[str]:
    """Serve the reports while the block runs, on the port they had before; yield the address.

    The same address again keeps the links of earlier runs alive.
    """
    reports_dir.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(_Reports, directory=str(reports_dir))
    server = _open(handler, data_dir / PORT_FILE)
    thread = threading.Thread(target=server.serve_forever, name="reports", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _open(handler: functools.partial[_Reports], port_file: Path) -> ThreadingHTTPServer:
    try:
        before = int(port_file.read_text())
    except (FileNotFoundError, ValueError):
        before = 0
    try:
        server = ThreadingHTTPServer((HOST, before), handler)
    except OSError:
        # The port is somebody else's now.
        server = ThreadingHTTPServer((HOST, 0), handler)
    port_file.write_text(str(server.server_port))
    return server
