"""What a result covers and what it does not, in sentences and counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from domain.rating_scale import Origin, RatingScale
from reports import figures
from reports.charts import Part
from reports.reasons import FAILURES, QUARANTINE, REFUSALS, STOPS, explain
from reports.text import visible
from reports.words import Words

_SCALES: Final = {
    Origin.FOUND: Words(
        "별점을 {worst}–{best}점 척도로 읽었습니다. 파일의 값에서 찾은 척도이며 "
        "--rating-max로 정할 수 있습니다.",
        "Ratings read on a scale of {worst} to {best}, found from the file (--rating-max sets it).",
    ),
    Origin.GIVEN: Words(
        "별점을 --rating-max로 정한 {worst}–{best}점 척도로 읽었습니다.",
        "Ratings read on a scale of {worst} to {best}, as given (--rating-max).",
    ),
    Origin.ASSUMED: Words(
        "별점을 보통의 {worst}–{best}점 척도로 읽었습니다. 파일 첫머리에 별점이 없어 찾을 수 "
        "없었으며 --rating-max로 정할 수 있습니다.",
        "Ratings read on the usual scale of {worst} to {best}: the file's first rows have none to "
        "find it from (--rating-max sets it).",
    ),
}


class Counted(NamedTuple):
    """A code, how often it came, and what it means."""

    code: str
    times: str
    meaning: Words


def sentence(coverage: Mapping[str, Any]) -> Words:
    """Return the coverage in one sentence."""
    got, declared = coverage["collected"], coverage["declared"]
    if declared is None:
        told = Words(
            "리뷰 {got}건을 수집했습니다. 출처는 전체 수를 밝히지 않습니다",
            "Reviews collected: {got}; the source does not say how many there are",
        )
    elif got < declared:
        told = Words(
            "출처가 밝힌 {declared}건 중 {got}건({share})을 수집했습니다",
            "Collected {got} of {declared} declared reviews ({share})",
        )
    elif got == declared:
        told = Words(
            "출처가 밝힌 리뷰 {declared}건을 모두 수집했습니다",
            "Collected all {declared} declared reviews",
        )
    else:
        told = Words(
            "출처가 밝힌 {declared}건보다 많은 {got}건을 수집했습니다",
            "Collected {got} reviews, more than the {declared} declared",
        )
    share = figures.percent(figures.of(got, declared or 0))
    values = {"got": figures.count(got), "declared": figures.count(declared), "share": share}
    told, ending = told.filled(**values), _ending(coverage)
    return Words(f"{told.ko}. {ending.ko}", f"{told.en}. {ending.en}")


def _ending(coverage: Mapping[str, Any]) -> Words:
    refused = sum(coverage["refused"].values())
    if coverage["stopped_by"]:
        return Words(
            "출처의 끝까지 읽지 못하고 멈췄습니다.", "Reading stopped before the source's end."
        )
    if refused:
        return Words(
            "읽지 못한 페이지가 {n}쪽 있습니다.", "Pages that could not be read: {n}."
        ).filled(n=figures.count(refused))
    # Results from before the difference was looked at have no such count.
    if coverage.get("unread"):
        return Words(
            "출처를 끝까지 읽었지만 {n}건은 찾을 수 없었습니다.",
            "The source was read to its end, and {n} of them could not be found.",
        ).filled(n=figures.count(coverage["unread"]))
    return Words("출처를 끝까지 읽었습니다.", "The source was read to its end.")


def scale(coverage: Mapping[str, Any]) -> Words | None:
    """Return the scale that a file's ratings were read on; None for pages and older results."""
    state = coverage.get("rating_scale")
    if state is None:
        return None
    found = RatingScale.from_state(state)
    return _SCALES[found.origin].filled(worst=f"{found.worst:g}", best=f"{found.best:g}")


def again(coverage: Mapping[str, Any], version: str) -> Words | None:
    """Return whose stored reviews were made into cards anew; None where a source was read."""
    # Results from before there were re-analyses have no such field.
    read_by = coverage.get("reanalysis_of")
    if read_by is None:
        return None
    return Words(
        "{read_by} 분석이 읽어 저장한 리뷰를 {version} 버전으로 다시 분석했습니다. "
        "출처는 다시 읽지 않았습니다.",
        "Re-analysis of {read_by} with version {version}, from its stored reviews; the source was "
        "not read again.",
    ).filled(read_by=visible(read_by, 60), version=visible(version, 120))


def facts(coverage: Mapping[str, Any], numbers: Mapping[str, Any]) -> list[tuple[Words, str]]:
    """Return the counts, from what the source declares down to the cards."""
    failed = sum(numbers["failures"].values())
    missing = coverage["collected"] - numbers["cards"] - failed
    rows = [
        (Words("출처가 밝힌 리뷰", "Reviews declared by the source"), coverage["declared"]),
        (Words("수집한 리뷰", "Reviews collected"), coverage["collected"]),
        (Words("감정 카드", "Emotion cards"), numbers["cards"]),
        (Words("분석하지 못한 리뷰", "Reviews that could not be analysed"), failed),
        (Words("읽은 페이지", "Pages read"), coverage["pages"]),
        (Words("읽지 못한 페이지", "Pages not read"), sum(coverage["refused"].values())),
        (Words("격리된 기록", "Records in quarantine"), sum(coverage["quarantined"].values())),
        (Words("다시 나온 리뷰", "Reviews met again"), coverage["duplicates"]),
        (Words("수정된 리뷰", "Reviews edited since"), coverage["edited"]),
        (Words("고쳐 읽은 리뷰", "Reviews repaired in reading"), coverage["repaired"]),
    ]
    if missing:
        unaccounted = Words("카드도 실패 기록도 없는 리뷰", "Neither card nor failure record")
        rows.insert(4, (unaccounted, missing))
    return [(words, figures.count(number)) for words, number in rows]


def parts(coverage: Mapping[str, Any], numbers: Mapping[str, Any]) -> list[Part]:
    """Return what became of the reviews the source declares (or of the collected, if more)."""
    failed = sum(numbers["failures"].values())
    whole = max(coverage["declared"] or 0, coverage["collected"])
    return [
        Part(Words("감정 카드", "Emotion cards"), "cards", numbers["cards"]),
        Part(Words("분석 실패", "Not analysed"), "failed", failed),
        Part(
            Words("수집하지 못함", "Not collected"),
            "missing",
            max(0, whole - numbers["cards"] - failed),
        ),
    ]


def counted(codes: Mapping[str, int], meanings: dict[str, Words]) -> list[Counted]:
    """Return the codes, most frequent first."""
    ranked = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    return [
        Counted(visible(code, 60), figures.count(number), explain(meanings, code))
        for code, number in ranked
    ]


def gaps(coverage: Mapping[str, Any], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that is not in the numbers, by reason."""
    listed = [
        {
            "where": visible(row["where"], 200),
            "code": visible(row["code"], 60),
            "message": visible(row["message"], 300),
        }
        for row in coverage["refusals"]
    ]
    stop = coverage["stopped_by"]
    return {
        "failures": counted(numbers["failures"], FAILURES),
        "refused": counted(coverage["refused"], REFUSALS),
        "refusals": listed,
        "unlisted": sum(coverage["refused"].values()) - len(listed),
        "quarantined": counted(coverage["quarantined"], QUARANTINE),
        "stop": (visible(stop, 60), explain(STOPS, stop)) if stop else None,
    }
