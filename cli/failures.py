"""Failed analyses as errors of the command."""

from __future__ import annotations

from domain.errors import EmotionCardsError, PermanentError, TransientError


class AnalysisFailed(PermanentError):
    """The analysis ended as failed; `reason` is the error that ended it.

    Not that error itself: a file that the command cannot read and an analysis that failed for
    its file end with different statuses.
    """

    def __init__(self, reason: EmotionCardsError) -> None:
        super().__init__(str(reason))
        self.reason = reason


class FlowDied(TransientError):
    """The flow's process ended without ending the analysis."""
