"""Reading ahead: the same batches in the same order, errors in their place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from domain.errors import StoreUnavailable
from tasks.ahead import read_ahead


def test_batches_come_in_order_and_one_is_read_ahead() -> None:
    fetched = threading.Semaphore(0)

    def batches() -> Iterator[int]:
        for number in range(3):
            fetched.release()
            yield number

    reading = read_ahead(batches())
    assert next(reading) == 0
    # The second is fetched while nobody has asked for it yet, and no further one.
    assert all(fetched.acquire(timeout=5) for _ in range(2))
    assert not fetched.acquire(timeout=0.05)
    assert list(reading) == [1, 2]
    assert list(read_ahead(iter(()))) == []


def test_an_error_is_raised_where_its_batch_would_have_come() -> None:
    def batches() -> Iterator[int]:
        yield 1
        raise StoreUnavailable("away")

    reading = read_ahead(batches())
    assert next(reading) == 1
    with pytest.raises(StoreUnavailable, match="away"):
        next(reading)
