"""The headline's words: mood, takeaways, coverage and price."""

from __future__ import annotations

import re
from typing import Any

import pytest
from test_report_sample import as_schema_1, doubting, make_card, make_result, typical_result

from domain.aspects import Aspect
from domain.certainty import MIN_COUNT
from domain.coverage import Coverage
from domain.emotions import Emotion
from domain.rating_scale import USUAL_SCALE, RatingScale, find_scale, given_scale
from domain.signals import SignalKind
from reports import completeness, figures, headline
from reports.words import Words


def numbers_of(*polarities: float) -> Any:
    """Return the numbers of cards with these polarities."""
    return make_result([make_card(n, polarity=p) for n, p in enumerate(polarities)])["numbers"]


@pytest.mark.parametrize(
    ("polarities", "said"),
    [
        ((), "No review could be read"),
        ((0.9, 0.8), "Very positive"),
        ((0.9, -0.1), "Mostly positive"),
        ((0.15,), "No clear lean either way"),
        ((0.7, -0.7, 0.0), "Opinions are divided"),
        ((-0.4,), "Mostly negative"),
        ((-0.9,), "Very negative"),
    ],
)
def test_the_mood_follows_the_mean_and_the_split(polarities: tuple[float, ...], said: str) -> None:
    assert headline.mood(numbers_of(*polarities)).en == said


def test_takeaways_name_what_lifts_and_what_drags_with_a_quote() -> None:
    best, worst = headline.takeaways(typical_result()["numbers"])
    assert (best.value.en, best.tone) == ("Design & colour", "positive")
    assert (worst.value.en, worst.tone) == ("Packaging", "negative")
    assert worst.number.startswith("−")
    assert worst.quote == "뚜껑이 깨진 채로 와서 속상했어요"


def test_a_handful_of_mentions_is_no_takeaway() -> None:
    few = [make_card(n, aspects=(Aspect.PRICE,)) for n in range(MIN_COUNT - 1)]
    assert headline.takeaways(make_result(few)["numbers"]) == []
    enough = [make_card(n, aspects=(Aspect.PRICE,)) for n in range(MIN_COUNT)]
    (only,) = headline.takeaways(make_result(enough)["numbers"])
    assert (only.tone, only.within) == ("positive", "+555.2 ~ +899.4")


def test_a_result_of_schema_1_has_its_takeaways_from_a_handful() -> None:
    cards = [make_card(n, aspects=(Aspect.PRICE,)) for n in range(figures.FEW)]
    numbers = as_schema_1(make_result(cards)["numbers"])
    (only,) = headline.takeaways(numbers)
    assert (only.tone, only.within) == ("positive", "")
    assert headline.takeaways(as_schema_1(make_result(cards[1:])["numbers"])) == []


def test_the_rating_is_told_without_the_doubted_reviews_too() -> None:
    cards = [make_card(n, rating=5.0) for n in range(30)]
    cards += [make_card(n, rating=1.0, polarity=-0.8) for n in range(30, 60)]
    result = make_result(doubting(cards, SignalKind.COPY, "r-00000", 10))
    notes = dict(headline.tiles(result["numbers"])[1].notes)
    assert notes == {"95%": "2.49–3.51", Words("의심 리뷰 제외", "without doubted"): "2.60 ★"}


@pytest.mark.parametrize(
    ("declared", "collected", "said"),
    [
        (None, 7, "Reviews collected: 7; the source does not say how many there are."),
        (1000, 950, "Collected 950 of 1,000 declared reviews (95.0%)."),
        (7, 7, "Collected all 7 declared reviews."),
        (6, 7, "Collected 7 reviews, more than the 6 declared."),
        (0, 0, "Collected all 0 declared reviews."),
    ],
)
def test_coverage_is_one_honest_sentence(declared: int | None, collected: int, said: str) -> None:
    state = Coverage(declared=declared, collected=collected).to_state()
    assert completeness.sentence(state).en == f"{said} The source was read to its end."


def test_declared_reviews_that_were_not_there_are_told() -> None:
    state = Coverage(declared=5000, collected=10).to_state()
    assert completeness.sentence(state).en == (
        "Collected 10 of 5,000 declared reviews (0.2%). The source was read to its end, and 4,990 "
        "of them could not be found."
    )
    older = {key: value for key, value in state.items() if key != "unread"}
    assert completeness.sentence(older).en.endswith("The source was read to its end.")


def test_what_became_of_the_reviews_adds_up_to_the_declared() -> None:
    result = typical_result()
    parts = completeness.parts(result["coverage"], result["numbers"])
    assert [part.number for part in parts] == [1240, 12, 150]


def test_the_price_is_the_latest_in_its_currency() -> None:
    rows = [
        {"observed_at": "2026-02-01", "amount": "12720.5", "currency": "KRW"},
        {"observed_at": "2026-01-01", "amount": "15900", "currency": "KRW"},
        {"observed_at": "2025-01-01", "amount": 3, "currency": "USD"},
    ]
    line = headline.price_line(rows)
    assert line is not None
    assert (line.latest, line.lowest, line.highest) == (
        "12,720.50 KRW",
        "12,720.50 KRW",
        "15,900 KRW",
    )
    assert line.times == "2"
    assert headline.price_line([]) is None


def test_the_leading_emotion_has_its_share() -> None:
    cards = [make_card(1), make_card(2), make_card(3, emotion=Emotion.ANGER)]
    lead = headline.tiles(make_result(cards)["numbers"])[2]
    assert "Joy" in str(lead.value)
    assert (str(lead.remark), lead.number) == ("카드 중 비율 Share of cards", "66.7%")


def test_a_remark_says_its_number_once() -> None:
    for tile in headline.tiles(typical_result()["numbers"])[:3]:
        assert isinstance(tile.remark, Words)
        assert tile.number
        assert not re.search(r"\d", str(tile.remark))


@pytest.mark.parametrize(
    ("brand", "category", "said"),
    [("내 파일", "내 파일", ["내 파일"]), ("온도", "립", ["온도", "립"]), (None, "립", ["립"])],
)
def test_brand_and_category_are_said_once_where_they_are_the_same(
    brand: str | None, category: str, said: list[str]
) -> None:
    lines = headline.product_lines({"name": "x", "brand": brand, "category": category})
    assert [words.ko for words in lines["above"]] == said


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (find_scale([5, 2]), "on a scale of 1 to 5, found from the file (--rating-max sets it)."),
        (find_scale([85, 40]), "on a scale of 0 to 100, found from the file"),
        (given_scale(7.5), "on a scale of 1 to 7.5, as given (--rating-max)."),
        (USUAL_SCALE, "on the usual scale of 1 to 5: the file's first rows have none"),
    ],
)
def test_the_scale_of_ratings_is_told_with_how_we_know(scale: RatingScale, said: str) -> None:
    words = completeness.scale(Coverage(rating_scale=scale).to_state())
    assert words is not None
    assert said in words.en
    assert f"{scale.worst:g}–{scale.best:g}점 척도" in words.ko


def test_pages_and_older_results_tell_no_scale() -> None:
    state = Coverage().to_state()
    assert completeness.scale(state) is None
    del state["rating_scale"]
    assert completeness.scale(state) is None


@pytest.mark.parametrize(
    ("impact", "shown"),
    [(0.1161, "+116.1"), (-0.0003, "−0.3"), (0.00004, "0.0"), (-1.0, "−1,000.0"), (None, "–")],
)
def test_impact_keeps_its_digits(impact: float | None, shown: str) -> None:
    assert figures.per_thousand(impact) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.424, "+0.42"), (-0.426, "−0.43"), (-0.001, "0.00"), (0.0, "0.00"), (None, "–")],
)
def test_signs_are_written_and_nothing_is_minus_zero(value: float | None, shown: str) -> None:
    assert figures.signed(value) == shown
