"""The report in a real browser: it fits a phone, switches languages, and runs no review.

Needs Chromium. Without it these tests are skipped with a reason; with EC_REQUIRE_BROWSER=1 they
fail instead. What they check of the HTML itself is checked without a browser too, in
tests/unit/test_report_page.py.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.aspects import Aspect
from domain.cards import AspectMention, Card, Evidence, Reading
from domain.certainty import MIN_COUNT
from domain.coverage import Coverage
from domain.doubted import Doubted
from domain.emotions import EMOTIONS, Emotion
from domain.results import build_numbers
from domain.signals import Signal, SignalKind
from domain.tally import Tally
from reports.files import write_report
from reports.page import render_report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RUNS = "document.documentElement.setAttribute('data-ran','yes')"
EVIL = f"<script>{RUNS}</script><img src=x onerror={RUNS}>"
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    # Whatever a page or the browser asks for, nothing leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=2000",
)


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return the browser's path."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"no browser on PATH (looked for {', '.join(NAMES)})"
        if os.environ.get("EC_REQUIRE_BROWSER") == "1":
            pytest.fail(f"EC_REQUIRE_BROWSER=1, but there is {reason}")
        pytest.skip(reason)
    return found


def loaded(chromium: str, page: Path, profile: Path) -> str:
    """Return the page's document after its scripts have run."""
    command = [chromium, *OPTIONS, f"--user-data-dir={profile}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def hostile_result() -> dict[str, Any]:
    """Return a result whose every word was written by somebody who means harm."""
    tally, doubted = Tally(), Doubted()
    long_word = "가" * 150
    for number, text in enumerate((EVIL, long_word, "\u202e좋아요 " + EVIL)):
        evidence = Evidence(text, 0, len(text))
        reading = Reading(
            "ko",
            Emotion.JOY,
            tuple((emotion, 0.1) for emotion in EMOTIONS),
            0.8,
            0.8,
            (AspectMention(Aspect.SIZE_FIT, 0.8, 0.8, evidence),),
            (text,),
            evidence,
        )
        day = datetime(2025, 1 + number, 6, tzinfo=UTC)
        signals = (Signal(SignalKind.TEMPLATE, EVIL),)
        card = Card("t", "p", f"{number}{text}", "0", 5.0, day, "v", reading, signals)
        # As often as it takes to have ranges and rankings.
        for _ in range(MIN_COUNT):
            tally.add(card)
        doubted.add(card)
    spoken = {"stem": EVIL, "gloss_pos": EVIL, "cards": 9, "share": 1.0, "expected_share": 0.1}
    spoken |= {"z": 9.9, "polarity": 0.8, "polarity_interval": [0.7, 0.9], "feeling": EVIL}
    spoken |= {"quote": {"text": long_word, "review_id": EVIL, "start": 0, "end": 150}}
    sides = {name: [spoken] for name in ("distinctive", "liked", "disliked")}
    coverage = Coverage(pages=1, collected=tally.cards, stopped_by=EVIL)
    product = {"name": "가" * 10_000, "brand": EVIL, "url": "javascript:" + RUNS}
    return {
        "task_id": EVIL,
        "product": product | {"image_url": None, "category": EVIL},
        "status": "partial",
        "analyzer_version": EVIL,
        "created_at": "2026-01-01T00:00:00+00:00",
        "source": EVIL,
        "coverage": coverage.to_state(),
        "numbers": build_numbers(tally, doubted),
        "keyword_analysis": {**sides, "background": {}, "reviews": 9, "of": 9},
        "prices": [],
    }


def test_the_switch_works_and_no_review_runs(chromium: str, tmp_path: Path) -> None:
    page = write_report(render_report(hostile_result()), tmp_path, "hostile")
    seen = loaded(chromium, page, tmp_path / "profile")
    assert "data-ran" not in seen.split(">", 2)[1]
    assert "<img" not in seen
    # Our own script ran: the switch is there, and says which language is on.
    switch = re.search(r'<div class="languages"[^>]*>', seen)
    assert switch is not None
    assert "hidden" not in switch[0]
    assert 'value="both" aria-pressed="true"' in seen


def test_a_script_that_got_into_the_page_is_refused(chromium: str, tmp_path: Path) -> None:
    html = render_report(hostile_result()).replace("</main>", f"</main><script>{RUNS}</script>")
    broken = write_report(html, tmp_path, "broken")
    seen = loaded(chromium, broken, tmp_path / "profile")
    assert f"<script>{RUNS}</script>" in seen
    assert "data-ran" not in seen.split(">", 2)[1]
    # The same page without its policy: the check above can fail.
    open_html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    unguarded = write_report(open_html, tmp_path, "unguarded")
    seen = loaded(chromium, unguarded, tmp_path / "profile")
    assert 'data-ran="yes"' in seen.split(">", 2)[1]


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_sticks_out_of_the_page(chromium: str, tmp_path: Path, width: int) -> None:
    html = render_report(hostile_result())
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    # Headless windows are never narrower than 500 px, so the phone is a frame that reports back.
    tell = (
        "<script>addEventListener('load',function(){"
        "document.querySelectorAll('details').forEach(function(d){d.open=true});"
        "parent.postMessage(document.documentElement.scrollWidth,'*')})</script></body>"
    )
    page = write_report(html.replace("</body>", tell), tmp_path, "measured")
    frame = (
        "<script>addEventListener('message',function(e){document.body.dataset.wide=e.data})"
        f'</script><iframe style="width:{width}px;height:900px;border:0" src="{page.name}">'
        "</iframe>"
    )
    outer = tmp_path / "frame.html"
    outer.write_text(f"<!DOCTYPE html><body>{frame}</body>", encoding="utf-8")
    seen = loaded(chromium, outer, tmp_path / "profile")
    measured = re.search(r'data-wide="(\d+)"', seen)
    assert measured is not None
    assert int(measured[1]) <= width
