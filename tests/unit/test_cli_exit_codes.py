"""Exit statuses: one for each way to end, and each documented."""

from __future__ import annotations

import pytest

from cli.exit_codes import MEANINGS, ExitCode, code_of_end, code_of_error
from cli.failures import AnalysisFailed, FlowDied
from cli.main import EPILOG
from deployments.local.errors import ServerUnavailable
from domain.errors import (
    EmotionCardsError,
    FileUnreadable,
    IllegalMove,
    InvalidRequest,
    RequestCancelled,
    RequestNotFound,
    SourceUnavailable,
    StoreUnavailable,
)
from domain.requests import TERMINAL


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidRequest("x"), 2),
        (RequestNotFound("x"), 3),
        (RequestCancelled("x"), 5),
        (StoreUnavailable("x"), 69),
        (ServerUnavailable("MongoDB", "no build", "EC_MONGO__DSN"), 69),
        (SourceUnavailable("x"), 1),
        (FileUnreadable("x"), 74),
        (AnalysisFailed(FileUnreadable("x")), 1),
        (AnalysisFailed(InvalidRequest("x")), 1),
        (FlowDied("x"), 75),
        (IllegalMove("x"), 1),
        (EmotionCardsError.from_code("never_heard_of", "x"), 1),
    ],
)
def test_errors_have_their_status(error: EmotionCardsError, code: int) -> None:
    assert code_of_error(error) == code


def test_each_end_of_an_analysis_has_its_own_status() -> None:
    codes = {status: code_of_end(str(status)) for status in TERMINAL}
    assert len(set(codes.values())) == len(TERMINAL)
    assert codes.pop(next(s for s in TERMINAL if s == "completed")) is ExitCode.DONE
    assert ExitCode.DONE not in codes.values()


def test_every_status_is_documented_in_the_help() -> None:
    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert f"{code:>3}  {meaning}" in EPILOG


def test_an_analysis_that_goes_on_has_no_status() -> None:
    with pytest.raises(KeyError):
        code_of_end("crawling")
