"""Comparisons: what is planted is found, what is not there is not claimed, whoever stands first."""

from __future__ import annotations

import random
from typing import Any

import pytest
from comparing import numbers_of, result_of
from hypothesis import given
from hypothesis import strategies as st
from test_report_sample import make_card, make_result

from domain.aspects import ASPECTS, Aspect
from domain.comparison import MARKS, compare
from domain.errors import InvalidRequest

PLANTED = {"packaging": (-0.5, 150), "price": (0.1, 120)}


def all_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every row of a comparison."""
    aspects = [row[side] for row in document["aspects"] for side in ("polarity", "share_of_cards")]
    rows = [*document["overall"], *document["feelings"], *aspects, *document["emotions"]]
    return [row for row in rows if row is not None]


def real_ones(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the rows in which any difference is called real."""
    return [
        (row["measure"], row["name"])
        for row in all_rows(document)
        if any(pair["real"] for pair in row["differences"])
    ]


aspects = st.dictionaries(
    st.sampled_from([str(aspect) for aspect in ASPECTS]),
    st.tuples(st.integers(-10, 10).map(lambda tenths: tenths / 10), st.integers(1, 400)),
    max_size=4,
)
numbers = st.builds(
    numbers_of,
    st.integers(1, 500),
    st.integers(-10, 10).map(lambda tenths: tenths / 10),
    positive=st.integers(0, 10).map(lambda tenths: tenths / 10),
    rating=st.sampled_from([None, 2.0, 4.5]),
    aspects=aspects,
    doubted=st.sampled_from([0, 3]),
)


@given(numbers, numbers)
def test_whoever_stands_first_the_difference_is_the_same(
    a: dict[str, Any], b: dict[str, Any]
) -> None:
    one, other = result_of("a", a), result_of("b", b)
    there, back = compare([one, other]), compare([other, one])
    assert there["tests"] == back["tests"]
    for row, mirrored in zip(
        sorted(all_rows(there), key=str_of), sorted(all_rows(back), key=str_of), strict=True
    ):
        assert row["values"] == mirrored["values"][::-1]
        for pair, opposite in zip(row["differences"], mirrored["differences"], strict=True):
            assert pair["difference"] == -opposite["difference"]
            assert (pair["p"], pair["real"]) == (opposite["p"], opposite["real"])
    for line, mirrored in zip(there["apart"], back["apart"], strict=True):
        assert (line["aspect"], line["strength"]) == (mirrored["aspect"], mirrored["strength"])
        assert (line["better"], line["worse"]) == (1 - mirrored["better"], 1 - mirrored["worse"])


def str_of(row: dict[str, Any]) -> str:
    return f"{row['measure']} {row['name']}"


@given(numbers, st.integers(2, len(MARKS)))
def test_the_same_numbers_never_differ(own: dict[str, Any], times: int) -> None:
    document = compare([result_of(str(at), own) for at in range(times)])
    assert document["tests"]["real"] == 0
    assert document["apart"] == []


def test_a_planted_difference_is_found_with_its_words() -> None:
    words = {"positive": "포장이 꼼꼼해요", "negative": "상자가 찌그러졌어요"}
    a = numbers_of(400, 0.3, aspects={**PLANTED, "packaging": (0.4, 160)}, words=words)
    b = numbers_of(500, 0.3, aspects=PLANTED, words=words)
    document = compare([result_of("a", a), result_of("b", b)])
    (line,) = document["apart"]
    assert (line["aspect"], line["better"], line["worse"]) == ("packaging", 0, 1)
    assert line["difference"] == 0.9
    # 160 of 400 cards and 150 of 500: 0.9 times the mean of both rates.
    assert line["strength"] == pytest.approx(0.9 * (0.4 + 0.3) / 2)
    assert line["quotes"]["better"]["text"] == "포장이 꼼꼼해요"
    assert line["quotes"]["worse"]["text"] == "상자가 찌그러졌어요"
    assert ("aspect_polarity", "price") not in real_ones(document)
    assert ("aspect_share", "packaging") in real_ones(document)


def test_the_stronger_comes_first_whatever_the_names() -> None:
    good = {"design": (0.5, 60), "delivery": (0.5, 300), "taste_scent": (0.5, 40)}
    bad = {"design": (-0.5, 60), "delivery": (-0.3, 300), "taste_scent": (-0.5, 40)}
    pair = [numbers_of(500, aspects=good), numbers_of(500, aspects=bad)]
    document = compare([result_of(str(at), one) for at, one in enumerate(pair)])
    assert [line["aspect"] for line in document["apart"]] == ["delivery", "design", "taste_scent"]


def test_what_few_say_is_shown_and_never_claimed() -> None:
    a = numbers_of(19, 0.9, positive=1.0, rating=5.0, aspects={"packaging": (0.9, 19)})
    b = numbers_of(400, -0.9, positive=0.0, rating=1.0, aspects={"packaging": (-0.9, 300)})
    document = compare([result_of("a", a), result_of("b", b)])
    assert document["tests"] == {"made": 0, "real": 0, "false_at_most": 0.05, "min_count": 20}
    assert document["apart"] == []
    polarity = document["overall"][0]
    assert [value["value"] for value in polarity["values"]] == [0.9, -0.9]
    assert polarity["values"][0]["interval"] is None
    assert polarity["differences"][0] == {
        "first": 0,
        "second": 1,
        "difference": 1.8,
        "p": None,
        "real": False,
    }


def test_an_aspect_of_one_product_alone_is_no_difference_in_what_is_said() -> None:
    a, b = numbers_of(300, aspects={"packaging": (0.5, 100)}), numbers_of(300)
    document = compare([result_of("a", a), result_of("b", b)])
    (row,) = document["aspects"]
    assert (row["polarity"]["differences"], document["apart"]) == ([], [])
    # That nobody speaks of it is a share like any other.
    assert row["share_of_cards"]["differences"][0]["real"]


def test_products_of_one_kind_are_seldom_told_apart() -> None:
    dice = random.Random(3)
    pool = [(Aspect.PRICE, 0.5), (Aspect.PRICE, -0.4), (Aspect.DELIVERY, 0.6), (Aspect.QUALITY, 0)]
    found = 0
    for at in range(20):
        pair = []
        for side in "ab":
            cards = [
                make_card(n, polarity=round(polarity + dice.uniform(-0.2, 0.2), 4), aspects=(one,))
                for n, (one, polarity) in enumerate(dice.choices(pool, k=120))
            ]
            pair.append(make_result(cards, task_id=f"{side}{at}", product_id=side))
        document = compare(pair)
        assert document["tests"]["made"] >= 8
        found += bool(document["tests"]["real"])
    assert found <= 3


def test_one_product_twice_is_then_and_now_in_the_order_of_their_making() -> None:
    then = result_of("z", numbers_of(100), product_id="p", created_at="2026-01-01T00:00:00+00:00")
    now = result_of("a", numbers_of(200), product_id="p", created_at="2026-02-01T00:00:00+00:00")
    for order in ([then, now], [now, then]):
        document = compare(order)
        assert document["over_time"]
        assert [product["task_id"] for product in document["products"]] == ["z", "a"]
    assert not compare([then, result_of("b", numbers_of(9))])["over_time"]


def test_different_analyzers_are_told() -> None:
    a, b = result_of("a", numbers_of(50)), result_of("b", numbers_of(50))
    assert compare([a, b])["same_analyzer"]
    mixed = compare([a, {**b, "analyzer_version": "model-1, model-2"}])
    assert not mixed["same_analyzer"]
    assert mixed["analyzers"] == ["model-1", "model-2"]


def test_results_from_before_intervals_are_shown_and_nothing_is_claimed() -> None:
    old = numbers_of(300, 0.9, aspects={"price": (0.9, 200)})
    row = old["aspects"][0]
    for name in ("polarity_interval", "share_of_cards", "cards"):
        del row[name]
    del old["polarity_interval"], old["feeling_shares"], old["trust"], old["ratings"]["interval"]
    old["emotions"] = [{k: v for k, v in e.items() if k != "interval"} for e in old["emotions"]]
    new = numbers_of(300, -0.9, aspects={"price": (-0.9, 200)})
    document = compare([result_of("old", old), result_of("new", new)])
    assert [product["intervals"] for product in document["products"]] == [False, True]
    assert document["tests"]["made"] == 0
    assert document["overall"][0]["values"][0]["value"] == 0.9


def test_doubted_reviews_are_left_out_beside_where_there_are_any() -> None:
    names = lambda document: [row["measure"] for row in document["overall"]]  # noqa: E731
    a, b = numbers_of(100), numbers_of(100)
    assert names(compare([result_of("a", a), result_of("b", b)])) == ["polarity", "rating"]
    doubtful = compare([result_of("a", a), result_of("b", numbers_of(100, doubted=7))])
    assert names(doubtful) == ["polarity", "polarity_without", "rating", "rating_without"]
    assert [value["n"] for value in doubtful["overall"][1]["values"]] == [100, 93]


@pytest.mark.parametrize(
    ("ids", "words"),
    [("a", "two results or more"), ("abcdefg", "at most 6 .* not 7"), ("aba", "a is given twice")],
)
def test_what_cannot_be_compared_is_refused(ids: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        compare([result_of(one, numbers_of(30)) for one in ids])


def test_a_small_product_of_the_same_kind_is_not_really_better() -> None:
    dice = random.Random(9)

    def product(name: str, count: int) -> dict[str, Any]:
        cards = [
            make_card(
                n,
                polarity=-0.8 if bad else dice.choice((0.7, 0.8, 0.9)),
                rating=1.0 if bad else dice.choice((5.0, 5.0, 5.0, 4.0)),
                aspects=(Aspect.QUALITY,),
            )
            for n in range(count)
            for bad in [dice.random() < 0.04]
        ]
        return make_result(cards, task_id=name, product_id=name)

    big = product("big", 1500)
    found = [compare([product(f"s{n}", 25), big])["tests"]["real"] for n in range(40)]
    assert sum(map(bool, found)) <= 2
