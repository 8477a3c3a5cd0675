"""A user's own aspect terms: what is read, what is refused, and what it changes."""

from __future__ import annotations

import pytest

from domain.analysis.extra_terms import LONGEST_TERM, ExtraTermsInvalid, read_extra_terms
from domain.analysis.korean import korean_matcher
from domain.aspects import Aspect

OWN = """
[terms]
performance = ["먼지통/먼지 통", "크림"]
design = ["향"]
[parts]
quality = ["거치대"]
"""


def found(text: str, terms: str) -> list[tuple[str, Aspect | None]]:
    hits = korean_matcher(read_extra_terms(terms).forms).find(text)
    return [(term.name, term.aspect) for _, _, term in hits if term.name]


def test_own_terms_are_found_and_replace_those_of_the_lists() -> None:
    assert found("먼지통 거치대", OWN) == [
        ("먼지통", Aspect.PERFORMANCE),
        ("거치대", Aspect.QUALITY),
    ]
    assert found("향", OWN) == [("향", Aspect.DESIGN)]
    assert found("크림", OWN) == [("크림", Aspect.PERFORMANCE)]
    assert found("먼지통 거치대", "") != found("먼지통 거치대", OWN)
    assert found("향이", "") == [("향", Aspect.TASTE_SCENT)]


def test_the_version_follows_the_terms() -> None:
    assert read_extra_terms("").version == ""
    versions = {read_extra_terms(text).version for text in (OWN, OWN.replace("크림", "로션"))}
    assert len(versions) == 2
    assert read_extra_terms(OWN + "# a remark\n").version in versions


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[terms\n", "not valid TOML: .*line 1"),
        ("[verbs]\n", "verbs: not one of the tables"),
        ("terms = 1", "terms: not one of the tables"),
        ("[terms]\npice = ['a']", "terms.pice: no such aspect; the aspects are price, "),
        ("[terms]\nprice = 'a'", "terms.price: must be a list"),
        ("[terms]\nprice = ['a', 1]", r"terms.price\[1\]: 1 is not a string"),
        ("[terms]\nprice = ['a', 'b/a']", r"price\[1\]: 'a' is also in terms.price\[0\]"),
        ("[terms]\nprice = ['']", r"terms.price\[0\]: '' is empty"),
        ("[terms]\nprice = ['a@b']", "has the sign '@'"),
        (f"[terms]\nprice = ['{'a' * (LONGEST_TERM + 1)}']", "longer than"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ExtraTermsInvalid, match=told):
        read_extra_terms(text)
