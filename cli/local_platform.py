"""The embedded servers, brought up by this process and taken down with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli.checklist import Checklist
from deployments.local.stack import LocalStack
from settings import get_settings
from storage.setup import close_stores, setup_stores

if TYPE_CHECKING:
    from settings import Settings


@contextmanager
def environment_with(variables: Mapping[str, str]) -> Iterator[Settings]:
    """Give this process and its children variables while the block runs.

    Yields the settings as they are then.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    get_settings.cache_clear()
    try:
        yield get_settings()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        get_settings.cache_clear()


@contextmanager
def local_platform(
    data_dir: Path, steps: Checklist, *, with_worker: bool
) -> Iterator[tuple[LocalStack, Settings]]:
    """Run the servers and set up the stores; yields the stack and the settings that fit it.

    Raises:
        StackError: a server cannot be run, by name; nothing is left running.
        StoreUnavailable, StoreRejected: the stores cannot be set up.
    """
    stack = LocalStack(data_dir, get_settings(), with_worker=with_worker, on_progress=steps.tell)
    try:
        with steps.step("start the servers"):
            stack.start()
        with environment_with(stack.environment()) as settings:
            try:
                with steps.step("set up the stores"):
                    setup_stores(settings)
                yield stack, settings
            finally:
                close_stores()
    finally:
        stack.stop()
