"""How unusual a stem is: the score's properties, the background, the sample."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.keywords.background import (
    GENERAL_SAYINGS,
    PRODUCT_SAYINGS,
    Background,
    KeptCounts,
    general_table,
    packed,
)
from domain.keywords.sampling import chosen_reviews
from domain.keywords.scoring import Said, z_score

said = st.builds(
    lambda part, whole: Said(part, part + whole), st.integers(0, 500), st.integers(100, 50_000)
)


@given(said, said)
def test_what_is_more_here_is_less_there(here: Said, there: Said) -> None:
    assert abs(z_score(here, there) + z_score(there, here)) < 1e-9


@given(said, said)
def test_the_sign_tells_where_the_share_is_larger(here: Said, there: Said) -> None:
    more = here.stem * there.all - there.stem * here.all
    assert z_score(here, there) * more >= 0
    assert abs(z_score(here, there)) > 1e-12 or abs(more) < 1e-9


@given(st.integers(1, 50), st.integers(100, 10_000))
def test_as_often_as_there_scores_nothing(stem: int, rest: int) -> None:
    here = Said(stem, stem + rest)
    assert abs(z_score(here, Said(2 * here.stem, 2 * here.all))) < 1e-6


def test_ten_times_the_cases_are_surer_than_the_share_alone() -> None:
    few, many = Said(4, 400), Said(40, 4000)
    background = Said(30, 30_000)
    assert 0 < z_score(few, background) < z_score(many, background)
    assert z_score(Said(0, 400), Said(0, 30_000)) == 0


def test_a_product_weighs_at_most_so_much_in_the_background() -> None:
    background = Background()
    background.add_product(KeptCounts(100, 1_000, {"배송": 50}))
    background.add_product(KeptCounts(0, 0, {}))
    assert (background.sayings, background.said("배송")) == (1_000, 50)
    background.add_product(KeptCounts(100_000, 10 * PRODUCT_SAYINGS, {"배송": 1_000, "향": 100}))
    assert background.sayings == 1_000 + PRODUCT_SAYINGS
    assert background.said("배송") == 150
    assert background.said("향") == 10
    assert not background.general


def test_the_shipped_tables_are_of_stems_alone() -> None:
    for language, common in (("ko", "배송"), ("en", "battery")):
        table = general_table(language)
        assert 5_000 < len(table) <= 20_000
        assert 500_000 < sum(table.values()) <= 1_000_001
        assert table[common] > 1_000
        assert all(0 < len(stem) < 60 and stem.count(" ") <= 2 for stem in table)
        background = Background()
        background.add_general(table)
        assert background.general
        assert background.sayings == GENERAL_SAYINGS
    assert general_table("und") == {}


def test_a_table_has_one_form_as_a_file() -> None:
    rates = {"배송": 2.0, "향": 10.04, "값": 2.0}
    assert packed(rates) == packed(dict(reversed(rates.items())))


@given(st.lists(st.text(max_size=5), unique=True), st.integers(1, 20), st.integers(1, 7))
def test_the_sample_is_of_the_ids_and_not_of_their_order(
    ids: list[str], most: int, size: int
) -> None:
    chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
    chosen = chosen_reviews(chunks, most)
    assert chosen == chosen_reviews([list(reversed(ids))], most)
    assert len(chosen) == min(most, len(ids))
    assert set(chosen) <= set(ids)
