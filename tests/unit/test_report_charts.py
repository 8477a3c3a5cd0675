"""The pictures: lengths are right, and words go with every colour."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import charts
from reports.words import FEELINGS, Words

TITLE = Words("제목", "title")


def widths(svg: str, kind: str = "f-") -> list[float]:
    """Return the widths, in %, of the bars of a kind."""
    return [float(w) for w in re.findall(rf'width="([\d.]+)%"[^>]*class="{kind}', svg)]


def parts(*numbers: int) -> list[charts.Part]:
    """Return a part for each feeling."""
    pairs = zip(FEELINGS.items(), numbers, strict=True)
    return [charts.Part(words, name, number) for (name, words), number in pairs]


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any))
def test_the_parts_of_a_split_bar_fill_it(numbers: list[int]) -> None:
    svg = charts.split_bar(parts(*numbers), TITLE)
    assert sum(widths(svg)) == pytest.approx(100, abs=0.05)
    assert all(f"{n:,}" in svg for n in numbers)


def test_a_split_bar_of_nothing_draws_nothing() -> None:
    assert widths(charts.split_bar(parts(0, 0, 0, 0), TITLE)) == []


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_diverging_bar_is_to_scale_and_stays_inside(negative: int, positive: int) -> None:
    svg = charts.diverging_bar(negative, positive, 1000, "t")
    left, right = widths(svg)
    assert left / 38 == pytest.approx(negative / 1000, abs=0.001)
    assert right / 38 == pytest.approx(positive / 1000, abs=0.001)
    assert f">{negative:,}</text>" in svg


@pytest.mark.parametrize(
    ("polarity", "x", "y"), [(-1, 40.0, 118.0), (0, 120.0, 38.0), (1, 200.0, 118.0)]
)
def test_the_needle_points_at_the_mean(polarity: float, x: float, y: float) -> None:
    assert f'x2="{x}" y2="{y}" class="needle"' in charts.gauge(polarity)


def test_a_gauge_without_a_mean_has_no_needle() -> None:
    svg = charts.gauge(None)
    assert "needle" not in svg
    assert ">–</text>" in svg


def test_the_heat_map_counts_and_shades_within_a_star() -> None:
    svg = charts.heat_map({"5": {"positive": 90, "negative": 10}, "1": {"negative": 1}}, TITLE)
    assert len(re.findall(r'<rect [^>]*class="h\d"', svg)) == 20
    assert svg.count('class="h4"') == 2
    assert ">90</text>" in svg
    assert ">10%</text>" in svg
    assert "5★: 긍정 Positive 90" in svg


def test_a_share_bar_marks_the_mean_where_it_is() -> None:
    svg = charts.share_bar(0.25, 0.5, "positive", "t", mark=0.1)
    assert widths(svg) == [50.0]
    assert '<svg x="20%"' in svg


@pytest.mark.parametrize(
    ("axis", "named"),
    [
        (charts.AXES[0], ["0%", "2.5%", "5%", "7.5%", "10%"]),
        (charts.AXES[3], ["0%", "20%", "40%", "60%"]),
        (charts.AXES[-1], ["0%", "25%", "50%", "75%", "100%"]),
    ],
)
def test_an_axis_names_the_places_where_bars_have_lines(
    axis: charts.Axis, named: list[str]
) -> None:
    ticks = re.findall(r'<text x="([\d.]+)%"[^>]*>([^<]+)<', charts.scale(axis))
    assert [name for _, name in ticks] == named
    bar = charts.share_bar(0.05, axis.top, "positive", "t", grid=axis.ticks)
    assert re.findall(r'<line x1="([\d.]+)%"', bar) == [place for place, _ in ticks]
    for place, name in ticks:
        assert float(place) * axis.top == pytest.approx(float(name[:-1]), abs=0.01)


def test_titles_are_escaped() -> None:
    assert "<b>" not in charts.share_bar(1, 1, "positive", "<b>")
