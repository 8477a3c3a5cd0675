"""Weeks that changed beyond chance, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from domain.certainty import MIN_COUNT
from domain.trends import weeks_before
from reports import figures
from reports.words import Words


class Change(NamedTuple):
    """A direction: its sign, its tone, its name."""

    sign: str
    tone: str
    words: Words


CHANGES: Final = {
    "better": Change("▲", "positive", Words("나아짐", "better")),
    "worse": Change("▼", "negative", Words("나빠짐", "worse")),
}
_WEEK: Final = Words(
    "{first} 주: 앞선 몇 주보다 {difference} ({p})",
    "week of {first}: {difference} against the weeks before ({p})",
)
_WEEKS: Final = Words(
    "{first} 주부터 {last} 주까지: 앞선 몇 주보다 많게는 {difference} ({p})",
    "weeks of {first} to {last}: up to {difference} against the weeks before ({p})",
)
_NONE: Final = Words(
    "우연으로 볼 수 없는 변화가 있는 주는 없습니다.", "No week has changed beyond chance."
)
_UNTOLD: Final = Words(
    "주마다 카드가 {least}장에 못 미쳐 변화를 말할 수 없습니다.",
    "Too few cards a week (under {least}) to tell a change.",
)


class Told(NamedTuple):
    """Weeks one after the other that changed the same way."""

    change: Change
    words: Words


def told(weeks: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Return the changes in order; those of weeks that follow each other in one line."""
    found = []
    for direction, run in groupby(weeks, key=_direction):
        if direction is not None:
            rows = list(run)
            # The one that stands out most speaks for all.
            most = max((row["change"] for row in rows), key=lambda each: abs(each["difference"]))
            words = (_WEEKS if len(rows) > 1 else _WEEK).filled(
                first=rows[0]["week"],
                last=rows[-1]["week"],
                difference=figures.signed(most["difference"]),
                p=figures.chance(most["p"]),
            )
            found.append(Told(CHANGES[direction], words))
    return found


def _direction(week: Mapping[str, Any]) -> str | None:
    change = week.get("change")
    return change["direction"] if change else None


def silence(weeks: Sequence[Mapping[str, Any]]) -> Words | None:
    """Return why no change is told; None where some is, or where none was looked for."""
    if any(map(_direction, weeks)) or not all("change" in week for week in weeks):
        return None
    counts = [week["cards"] for week in weeks]
    before = weeks_before([week["week"] for week in weeks])
    tested = any(
        count >= MIN_COUNT <= sum(counts[at] for at in past)
        for count, past in zip(counts, before, strict=True)
    )
    return _NONE if tested else _UNTOLD.filled(least=MIN_COUNT)
