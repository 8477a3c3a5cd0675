"""Processes of a pool that do not outlive the flow they work for."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """Watch the parent from a thread, and end this process when it is gone.

    A pool's process waits for its next call on a pipe that it holds open itself: without this
    it would wait for ever behind a flow that was killed.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        # Not sys.exit: this is not the main thread, and nothing here needs cleaning up. What
        # was under way is an open transaction, and the server ends it.
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
