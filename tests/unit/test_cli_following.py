"""A watcher is shown an analysis that goes forward, in whatever order its workers tell of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import cli.following
from cli.following import Watch
from settings import Settings
from tasks.progress import Progress

FIRST = Progress(
    task_id="t",
    status="analyzing",
    location="/x.csv",
    expected=100,
    collected=100,
    queued=100,
    cards=40,
    failures=0,
    quarantined=0,
    pages=1,
    error_code=None,
    error_message=None,
)


@pytest.mark.parametrize(
    ("late", "shown"),
    [
        (replace(FIRST, cards=30), 40),
        (replace(FIRST, status="crawling", cards=50), 40),
        (replace(FIRST, cards=60), 60),
        (replace(FIRST, status="finalizing", cards=100), 100),
    ],
)
def test_a_late_word_of_an_earlier_look_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, late: Progress, shown: int
) -> None:
    told = iter((FIRST, late))
    monkeypatch.setattr(cli.following, "shown_progress", lambda *_: next(told))
    watch = Watch(Settings(), "t")
    watch.look()
    look = watch.look()
    assert look is not None
    assert look.progress.cards == shown
