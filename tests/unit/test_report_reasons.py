"""Every code a result may carry is explained in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sources
from domain import errors
from domain.cards import FailureReason, Flag
from domain.rejections import RejectReason
from reports import reasons, words
from sources import web

SOURCE_ERRORS = [
    *errors.SourceError.__subclasses__(),
    errors.SourceUnavailable,
    errors.RateLimited,
]
TABLES = [reasons.REFUSALS, reasons.QUARANTINE, reasons.FAILURES, reasons.STOPS]


def test_every_code_of_the_domain_is_explained() -> None:
    assert set(reasons.REFUSALS) == {error.code for error in SOURCE_ERRORS}
    assert set(reasons.QUARANTINE) == set(RejectReason)
    assert set(reasons.FAILURES) == set(FailureReason)
    assert set(words.FLAGS) == set(Flag)


def test_every_reason_to_stop_that_a_source_names_is_explained() -> None:
    """A source writes these as plain strings, so they are looked up where it writes them."""
    web_ends = {web.MAX_PAGES, web.MAX_REVIEWS, web.ENDLESS, web.PAGE_REFUSED, web.PAGE_FAILED}
    folder = Path(sources.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    file_ends = set(re.findall(r'(?:Ending\(\s*|stopped_by=)"(\w+)"', code))
    assert file_ends >= {"file_changed", "file_truncated", "max_rows"}
    assert set(reasons.STOPS) == web_ends | file_ends | set(reasons.REFUSALS)


@pytest.mark.parametrize("table", [*TABLES, words.FLAGS, words.ASPECTS, words.EMOTIONS])
def test_every_explanation_is_korean_and_english(table: dict[str, words.Words]) -> None:
    for said in table.values():
        assert re.search("[가-힣]|JSON", said.ko)
        assert re.search("[A-Za-z]", said.en)
        assert not re.search("[가-힣]", said.en)


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    assert reasons.explain(reasons.FAILURES, "from_the_future") is reasons.UNKNOWN


def test_unknown_names_are_shown_as_they_are() -> None:
    assert words.label(words.ASPECTS, "warranty") == words.Words("warranty", "warranty")
    assert words.as_is("<b>").__html__() == "&lt;b&gt;"
