"""The live view and its plain lines."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from cli.progress_view import Look, draw, plain_line
from cli.screens import LiveScreen, NoScreen, PlainScreen, screen_for
from tasks.progress import Progress

PROGRESS = Progress(
    task_id="3f2a91c0-0000-4000-8000-000000000001",
    status="crawling",
    location="https://shop.example/p/1",
    expected=5000,
    collected=1234,
    queued=1200,
    cards=990,
    failures=10,
    quarantined=3,
    pages=62,
    error_code=None,
    error_message=None,
)


def drawn(look: Look) -> str:
    written = io.StringIO()
    Console(file=written, width=100, force_terminal=False).print(draw(look))
    return written.getvalue()


def test_the_view_tells_what_there_is() -> None:
    text = drawn(Look(PROGRESS, elapsed=75, speed=456.4))
    for part in ("crawling", "1,234 of 5,000", "1,000 of 1,234", "456 reviews/s", "01:15"):
        assert part in text
    for part in ("10 without a card", "3 in quarantine", "3f2a91c0", "shop.example"):
        assert part in text


def test_a_source_that_does_not_say_how_many_has_no_total() -> None:
    text = drawn(Look(replace(PROGRESS, expected=None), elapsed=1, speed=0))
    assert "1,234 of" not in text.split("cards")[0]
    assert "1,234" in text


def test_a_source_with_more_than_it_declared_is_not_over_full() -> None:
    text = drawn(Look(replace(PROGRESS, expected=1000), elapsed=1, speed=0))
    assert "1,234 of 1,234" in text


def test_a_guessed_total_says_that_it_is_one() -> None:
    guessed = replace(PROGRESS, estimated=True)
    assert "1,234 of ≈ 5,000" in drawn(Look(guessed, elapsed=1, speed=0))
    assert "collected 1,234 of ≈ 5,000 ·" in plain_line(Look(guessed, elapsed=1, speed=0))
    more = replace(guessed, expected=1000)
    assert "1,234 of at least 1,234" in drawn(Look(more, elapsed=1, speed=0))


def test_nothing_collected_yet_can_be_drawn() -> None:
    nothing = replace(PROGRESS, expected=0, collected=0, cards=0, failures=0)
    assert "0 of 0" in drawn(Look(nothing, elapsed=0, speed=0))


def test_a_location_cannot_write_to_the_terminal() -> None:
    hostile = replace(PROGRESS, location="https://x/\x1b[2J[red]\u202egnp.exe\n")
    text = drawn(Look(hostile, elapsed=1, speed=0))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text


def test_a_plain_line_is_one_line() -> None:
    line = plain_line(Look(PROGRESS, elapsed=75, speed=456, note="PostgreSQL: away"))
    assert "\n" not in line
    assert line.startswith("01:15 crawling · collected 1,234 of 5,000 · cards 990")
    assert line.endswith("456 reviews/s · PostgreSQL: away")


def plain_lines(*looks: Look) -> list[str]:
    written = io.StringIO()
    with PlainScreen(Console(file=written, width=200), every=3.0) as screen:
        for look in looks:
            screen.show(look)
    return written.getvalue().splitlines()


def test_plain_lines_come_now_and_then() -> None:
    looks = [Look(PROGRESS, elapsed=tenth / 5, speed=1) for tenth in range(36)]
    assert [line[:5] for line in plain_lines(*looks)] == ["00:00", "00:03", "00:06", "00:07"]


def test_a_change_of_status_is_told_at_once() -> None:
    ended = replace(PROGRESS, status="completed")
    lines = plain_lines(Look(PROGRESS, 0, 1), Look(PROGRESS, 0.2, 1), Look(ended, 0.4, 1))
    assert [line.split()[1] for line in lines] == ["crawling", "completed"]


def test_the_screen_fits_the_console() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    dumb = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"})
    pipe = Console(file=io.StringIO(), force_terminal=False)
    assert isinstance(screen_for(terminal), LiveScreen)
    assert isinstance(screen_for(dumb), PlainScreen)
    assert isinstance(screen_for(pipe), PlainScreen)
    assert isinstance(screen_for(pipe, quiet=True), NoScreen)


def test_the_live_screen_redraws_in_place() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100, _environ={"TERM": "xterm"})
    with LiveScreen(console) as screen:
        screen.show(Look(PROGRESS, 0, 1))
        screen.show(Look(replace(PROGRESS, collected=2000), 1, 1))
    text = written.getvalue()
    assert "1,234 of 5,000" in text
    assert "2,000 of 5,000" in text
    assert "\x1b[1A" in text
