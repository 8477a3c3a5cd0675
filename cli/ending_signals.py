"""SIGTERM and a closed terminal leave through the `with` blocks, as Ctrl-C does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from deployments.local.termination import Termination


@contextmanager
def leaving_properly() -> Iterator[None]:
    """Turn the signals that end a program into SystemExit while the block runs."""
    termination = Termination()
    termination.catch()
    try:
        yield
    finally:
        termination.release()
