"""An analysis request: its states, its legal moves, and what it asks for."""

from __future__ import annotations

from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a request stands."""

    #: Accepted and written down; nobody works on it yet.
    REQUESTED = "requested"
    #: Pages or rows are being read; cards of the first ones already appear.
    CRAWLING = "crawling"
    #: The source is read to its end; the last cards are being made.
    ANALYZING = "analyzing"
    #: Every review is terminal; the result is being written.
    FINALIZING = "finalizing"
    #: The result covers all that the source gave.
    COMPLETED = "completed"
    #: There is a result, and its coverage tells what is missing and why.
    PARTIAL = "partial"
    #: There is no result; `error_code` and `error_message` tell why.
    FAILED = "failed"
    #: The user stopped it.
    CANCELLED = "cancelled"


_S = RequestStatus

#: The one table of legal moves. The database applies each as compare-and-set.
LEGAL_MOVES: dict[RequestStatus, frozenset[RequestStatus]] = {
    _S.REQUESTED: frozenset({_S.CRAWLING, _S.FAILED, _S.CANCELLED}),
    _S.CRAWLING: frozenset({_S.ANALYZING, _S.FAILED, _S.CANCELLED}),
    _S.ANALYZING: frozenset({_S.FINALIZING, _S.FAILED, _S.CANCELLED}),
    _S.FINALIZING: frozenset({_S.COMPLETED, _S.PARTIAL, _S.FAILED, _S.CANCELLED}),
    _S.COMPLETED: frozenset(),
    _S.PARTIAL: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}

TERMINAL = frozenset(status for status, moves in LEGAL_MOVES.items() if not moves)
ACTIVE = frozenset(RequestStatus) - TERMINAL


def sources_of(target: RequestStatus) -> frozenset[RequestStatus]:
    """Return the states from which `target` may be reached in one move."""
    return frozenset(status for status, moves in LEGAL_MOVES.items() if target in moves)
