"""The table of legal moves."""

from __future__ import annotations

from domain.requests import ACTIVE, LEGAL_MOVES, TERMINAL, RequestStatus, sources_of


def test_every_state_can_reach_an_end() -> None:
    for start in ACTIVE:
        seen, border = {start}, {start}
        while border:
            border = {move for status in border for move in LEGAL_MOVES[status]} - seen
            seen |= border
        assert seen & TERMINAL


def test_ends_are_final() -> None:
    assert {
        RequestStatus.COMPLETED,
        RequestStatus.PARTIAL,
        RequestStatus.FAILED,
        RequestStatus.CANCELLED,
    } == TERMINAL


def test_sources_mirror_the_moves() -> None:
    for target in RequestStatus:
        for start in RequestStatus:
            assert (start in sources_of(target)) == (target in LEGAL_MOVES[start])
