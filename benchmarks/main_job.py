"""`python -m benchmarks.main_job`: the main job by file, against the bare loop.

Both run on the same embedded servers, one after the other, as often as asked; the ratio of the
medians is the figure to keep, single speeds are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from benchmarks.bare_loop import run_bare
from deployments.local.stack import LocalStack
from settings import Settings, get_settings
from storage.mongo.client import database_for
from storage.postgres.acceptance import find_by_key
from storage.postgres.requests import get_request
from storage.setup import close_stores, setup_stores

_SUBJECTS = ("배송이", "품질이", "가격이", "색상이", "사이즈가", "포장이", "향이", "음질이")
_FEELINGS = (
    "좋아요",
    "별로예요",
    "너무 비싸요",
    "빨라요",
    "실망했어요",
    "최고예요 ㅎㅎ",
    "그냥 그래요",
)


def write_reviews(path: Path, rows: int) -> None:
    """Write made-up reviews; the same number gives the same file."""
    rng = random.Random(11)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            clauses = [
                f"{rng.choice(_SUBJECTS)} {rng.choice(_FEELINGS)}" for _ in range(rng.randint(1, 4))
            ]
            row = {"id": f"r{number}", "text": ". ".join(clauses), "rating": rng.randint(1, 5)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def run_platform(
    settings: Settings, location: str, key: str
) -> tuple[float, float, dict[str, float]]:
    """Return the seconds from request to result, those of the whole process, and its memory."""
    parameters = json.dumps({"location": location, "idempotency_key": key})
    command = [sys.executable, "-m", "flows", "analyze-product", parameters]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory = PeakMemory(process.pid)
    code = process.wait()
    whole = time.perf_counter() - started
    peaks = memory.stop()
    if code:
        raise SystemExit(f"the flow ended with status {code}")
    request = get_request(settings.postgres, str(find_by_key(settings.postgres, key)))
    if request.finished_at is None:
        raise SystemExit("the request has no end")
    return (request.finished_at - request.requested_at).total_seconds(), whole, peaks


class PeakMemory:
    """The largest resident memory of a process and of its children, in MB, sampled."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._peaks: dict[str, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            try:
                members = [self._process, *self._process.children(recursive=True)]
                for index, member in enumerate(members):
                    name = "flow" if index == 0 else f"child {index}"
                    size = member.memory_info().rss / 1e6
                    self._peaks[name] = max(size, self._peaks.get(name, 0.0))
            except psutil.NoSuchProcess:
                continue

    def stop(self) -> dict[str, float]:
        """End the watching and return the peaks."""
        self._stop.set()
        self._thread.join()
        return self._peaks


def measure(settings: Settings, location: str, runs: int) -> None:
    """Run both in turn and print the figures."""
    bare: list[float] = []
    job: list[float] = []
    for number in range(runs):
        database = database_for(settings.mongo)
        database.drop_collection("bare_reviews")
        database.drop_collection("bare_cards")
        reviews, seconds = run_bare(settings, location)
        bare.append(reviews / seconds)
        # A copy under another name is another product: no run finds the reviews of the last.
        copy = Path(location).with_name(f"run-{number}-{Path(location).name}")
        copy.write_bytes(Path(location).read_bytes())
        inner, whole, peaks = run_platform(settings, str(copy), f"bench-{number}")
        job.append(reviews / inner)
        sizes = ", ".join(f"{name} {size:.0f} MB" for name, size in sorted(peaks.items()))
        print(
            f"run {number + 1}: bare {bare[-1]:,.0f}/s, platform {job[-1]:,.0f}/s "
            f"({reviews / whole:,.0f}/s with the process start); {sizes}"
        )
    ratio = statistics.median(job) / statistics.median(bare)
    print(
        f"{reviews:,} reviews, medians of {runs}: bare {statistics.median(bare):,.0f}/s, "
        f"platform {statistics.median(job):,.0f}/s, ratio {ratio:.2f}"
    )


def main() -> None:
    """Start the servers, measure, stop them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=100_000, help="made-up reviews to run")
    parser.add_argument("--file", type=Path, help="run this file of reviews instead")
    parser.add_argument("--runs", type=int, default=3, help="how often each is run")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ec-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        location = folder / "reviews.jsonl"
        if chosen.file:
            location = folder / chosen.file.name
            location.write_bytes(chosen.file.read_bytes())
        else:
            write_reviews(location, chosen.rows)
        os.environ["EC_DATA_DIR"] = name
        say: Callable[[str, str], None] = lambda server, text: print(f"{server} {text}")  # noqa: E731
        with LocalStack(folder, Settings(data_dir=folder), on_progress=say) as stack:
            os.environ.update(stack.environment())
            get_settings.cache_clear()
            settings = get_settings()
            setup_stores(settings)
            try:
                measure(settings, str(location), chosen.runs)
            finally:
                close_stores()


if __name__ == "__main__":
    main()
