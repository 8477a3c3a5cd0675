"""How fast the analyzer is, and what memory it takes. One core, as many texts as are given."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import IO, cast

import numpy as np
import psutil

from domain.analysis import ModelAnalyzer
from domain.cards import ReviewText
from training.evaluation import BATCH, Figure

#: A run is long enough to be timed, and the best of several is the least disturbed.
ROUNDS = 5
SINGLES = 2000


def speed_figures(texts: Sequence[str]) -> Iterator[Figure]:
    """Yield cards a second, the time of a single review, and the memory of a process."""
    analyzer = ModelAnalyzer()
    reviews = [ReviewText(text, 5.0) for text in texts]
    analyzer.analyze(reviews[:BATCH])
    rates = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for start in range(0, len(reviews), BATCH):
            analyzer.analyze(reviews[start : start + BATCH])
        rates.append(len(reviews) / (time.process_time() - started))
    yield Figure(f"Cards a CPU second, batches of {BATCH}", max(rates), len(reviews), 8000, 15000)
    singles = []
    for review in reviews[:SINGLES]:
        started = time.process_time()
        analyzer.analyze([review])
        singles.append(1000 * (time.process_time() - started))
    yield Figure(
        "One review alone, 99th percentile, CPU ms",
        float(np.quantile(singles, 0.99)),
        len(singles),
        5,
        1,
    )
    yield Figure("Memory above the bare interpreter, MB", _memory(), 1, 200, 100)


def _memory() -> float:
    """Return what a process that has read a batch holds above one that does nothing, MB."""
    busy = (
        "from domain.analysis import ModelAnalyzer as A; from domain.cards import ReviewText as R; "
        f"a = A(); a.analyze([R('배송이 빨라요. 색은 별로예요', 4.0)] * {BATCH})"
    )
    return _held(busy) - _held("")


def _held(code: str) -> float:
    # Seen from outside: the peak that a process knows of itself is its parent's too.
    command = [sys.executable, "-c", f"{code}\nprint(flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:  # noqa: S603  our own code
        os.read(cast("IO[bytes]", process.stdout).fileno(), 1)
        held = psutil.Process(process.pid).memory_info().rss
        process.communicate(b"\n")
    return held / 1e6
