"""The report on how sure it is: ranges, rankings, changes, doubts, words said unusually often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from test_report_page import EVIL, Skeleton
from test_report_sample import (
    FIRST_DAY,
    as_schema_1,
    doubting,
    make_card,
    make_result,
    shifting_cards,
    typical_cards,
    typical_result,
)

from domain.aspects import Aspect
from domain.certainty import MIN_COUNT
from domain.signals import SignalKind
from reports import changes, charts, figures, rankings
from reports.page import render_report


def shown(result: dict[str, Any]) -> str:
    return Skeleton(render_report(result)).text


def spoken(word: str = "소음", feeling: str = "negative", quote: str | None = "소음이 커요") -> Any:
    """Return a keyword as a keyword analysis holds it."""
    span = {"text": quote, "review_id": "r-1", "start": 0, "end": len(quote)} if quote else None
    return {
        "stem": word,
        "gloss_pos": "NNG",
        "cards": 41,
        "share": 0.041,
        "z": 6.2,
        "expected_share": 0.0123,
        "polarity": -0.62,
        "polarity_interval": [-0.8, -0.44],
        "feeling": feeling,
        "quote": span,
    }


def analysis(*distinctive: Any, **sides: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"liked": [], "disliked": [], "background": {}}
    return {"distinctive": list(distinctive), "reviews": 990, "of": 1000} | empty | sides


def test_every_share_has_its_range() -> None:
    result = typical_result()
    text, numbers = shown(result), result["numbers"]
    for row in numbers["emotions"]:
        told = f"{figures.percent(row['share'])} {figures.percent_range(row['interval'])}"
        assert told in text
    for share in numbers["feeling_shares"].values():
        assert f"({share['share'] * 100:.1f}%, {figures.percent_range(share['interval'])})" in text
    for row in numbers["aspects"]:
        assert f"({figures.percent_range(row['negative_share']['interval'])})" in text
        assert figures.per_thousand_range(row["impact_interval"]) in text
    assert f"95%: {figures.signed_range(numbers['polarity_interval'])}" in text


def test_what_hurts_stands_before_what_pleases_and_both_on_one_axis() -> None:
    hurts, pleases = rankings.view(typical_result()["numbers"])
    assert (hurts["tone"], pleases["tone"]) == ("negative", "positive")
    assert hurts["rows"][0]["words"].en == "Packaging"
    assert hurts["rows"][0]["quote"] == "뚜껑이 깨진 채로 와서 속상했어요"
    assert len(pleases["rows"]) <= 5
    for row in (*hurts["rows"], *pleases["rows"]):
        (value,) = re.findall(r'width="([\d.]+)%"[^>]*class="f-', row["bar"])
        left, right = sorted({float(x) for x in re.findall(r'x1="([\d.]+)%"', row["bar"])})
        assert 0 <= left < float(value) < right <= 100


def test_few_are_said_to_be_too_few() -> None:
    cards = [make_card(n, aspects=(Aspect.PRICE,)) for n in range(MIN_COUNT - 1)]
    text = shown(make_result(cards))
    assert "가격 Price 말하기엔 적음 too few to say" in text
    assert "What hurts most" not in text
    assert f"Of fewer than {MIN_COUNT} cards no interval is given." in text
    assert "too few to say" not in shown(
        make_result([*cards, make_card(99, aspects=(Aspect.PRICE,))])
    )


def test_changes_are_marked_and_told_with_their_chance() -> None:
    html = render_report(make_result(shifting_cards()))
    assert html.count('class="change negative"') == 2
    assert html.count('class="change positive"') == 0
    assert (
        "▼ 나빠짐 worse 2025-10-06 주부터 2025-10-13 주까지: "
        "앞선 몇 주보다 많게는 −0.64 (p < 0.001)"
    ) in Skeleton(html).text
    assert "▼ 나빠짐 worse · 긍정 Positive 20 · 부정 Negative 20" in html


@pytest.mark.parametrize(
    ("a_week", "said"), [(40, "No week has changed beyond chance."), (3, "Too few cards a week")]
)
def test_silence_about_changes_has_its_reason(a_week: int, said: str) -> None:
    cards = [
        make_card(n, reviewed_at=FIRST_DAY + timedelta(weeks=n % 4), polarity=0.5 + n % 3 / 10)
        for n in range(4 * a_week)
    ]
    assert said in shown(make_result(cards))


def test_weeks_that_change_alike_one_after_the_other_are_told_together() -> None:
    plan = [(None, 0.1), ("worse", -0.2), ("worse", -0.4), ("better", 0.3), (None, 0.0)]
    weeks = [
        {
            "week": f"2026-01-{5 + 7 * at:02}",
            "change": name and {"direction": name, "difference": by, "p": 0.0123},
        }
        for at, (name, by) in enumerate(plan)
    ]
    weeks[-1]["week"] = "2026-02-02"
    assert [(each.change.sign, each.words.en) for each in changes.told(weeks)] == [
        (
            "▼",
            "weeks of 2026-01-12 to 2026-01-19: up to −0.40 against the weeks before (p = 0.012)",
        ),
        ("▲", "week of 2026-01-26: +0.30 against the weeks before (p = 0.012)"),
    ]


def test_doubts_are_signs_and_the_numbers_stand_with_and_without() -> None:
    cards = doubting(typical_cards(400), SignalKind.TEMPLATE, EVIL[0], 60)
    result = make_result(cards)
    text = shown(result)
    without = result["numbers"]["trust"]["without"]
    assert "These are signs, not proof." in text
    assert "The same sentence, filled with other words 60" in text
    assert f"평균 극성 Mean polarity {figures.signed(result['numbers']['polarity'])}" in text
    assert figures.signed_range(without["polarity_interval"]) in text
    assert EVIL[0] in text


def test_without_doubts_that_is_said_and_nothing_more() -> None:
    text = shown(make_result([make_card()]))
    assert "No copies, templates or bursts were found." in text
    assert "without doubted" not in text


def test_a_report_of_schema_1_claims_nothing_it_does_not_know() -> None:
    result = typical_result()
    result["numbers"] = as_schema_1(result["numbers"])
    html = render_report(result)
    text = Skeleton(html).text
    for unknown in ("95%", "Signs of doubt", "Changes beyond chance", "beyond chance."):
        assert unknown not in text
    assert "whisker" not in html.split("</style>")[1]
    # The ranking is there, as before without its range.
    assert "What hurts most 포장 Packaging" in text


def test_words_said_unusually_often_take_the_place_of_the_frequent() -> None:
    result = typical_result()
    assert "The bar is how many cards hold the word" in shown(result)
    found = analysis(
        spoken(), disliked=[spoken("충전")], liked=[spoken("가볍다", "positive", None)]
    )
    text = shown(result | {"keyword_analysis": found})
    assert "The bar is how many cards hold the word" not in text
    assert "소음 소음: 4.1% (n=41), 보통 usually 1.2% 4.1% 보통 usually 1.2% ▼ −0.62" in text
    assert "“소음이 커요” n=41" in text
    assert "Said by the unhappy 충전" in text
    # Held against the other side, not against other reviews.
    assert "4.1% 반대쪽 others 1.2%" in text
    assert "Said by the happy 가볍다" in text
    assert "Reviews counted : 990 / 1,000" in text


@pytest.mark.parametrize("nothing", [None, analysis()])
def test_without_a_finding_the_frequent_words_stay(nothing: Any) -> None:
    text = shown(typical_result() | {"keyword_analysis": nothing})
    assert "The bar is how many cards hold the word" in text


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_words_add_no_element(evil: str) -> None:
    result = typical_result()
    pages = [
        Skeleton(render_report(result | {"keyword_analysis": analysis(spoken(word, quote=word))}))
        for word in (evil, "x" * len(evil))
    ]
    assert pages[0].tags == pages[1].tags


def test_a_range_is_shown_up_to_the_end_of_the_scale() -> None:
    assert figures.signed_range([0.68, 1.04]) == "+0.68 ~ +1.00"
    assert figures.score_range([4.7, 5.1]) == "4.70–5.00"
    assert charts.gauge(0.9, [0.68, 1.04]) == charts.gauge(0.9, [0.68, 1.0])


def test_the_gauge_covers_its_interval() -> None:
    assert 'class="within"' in charts.gauge(0.2, [0.1, 0.3])
    assert 'class="within"' not in charts.gauge(0.2)
