"""Records that are no reviews: why, and what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.masking import mask, masked_record


class RejectReason(StrEnum):
    """Why a record was kept in quarantine instead of becoming a review."""

    RAGGED_ROW = "ragged_row"
    BROKEN_JSON = "broken_json"
    NOT_A_RECORD = "not_a_record"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_NOT_TEXT = "text_not_text"
    RATING_OUT_OF_RANGE = "rating_out_of_range"
    RATING_NOT_A_NUMBER = "rating_not_a_number"
    DATE_IN_FUTURE = "date_in_future"
    DATE_UNREADABLE = "date_unreadable"
    ID_TOO_LONG = "id_too_long"
    DUPLICATE_ID = "duplicate_id"
    UNDECODABLE = "undecodable"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not a review: why, where it stood, and the record itself, masked."""

    reason: RejectReason
    message: str
    #: "row 17", "page https://…": where a person finds it.
    where: str
    record: Any = None

    def __post_init__(self) -> None:
        """Mask what the record holds: it goes to a store, whoever made it."""
        object.__setattr__(self, "message", mask(self.message).text)
        object.__setattr__(self, "where", mask(self.where).text)
        object.__setattr__(self, "record", masked_record(self.record))


class RecordRefused(ValueError):
    """Raised by the rules for reviews; the reader turns it into a `Rejected`."""

    def __init__(self, reason: RejectReason, message: str) -> None:
        super().__init__(mask(message).text)
        self.reason = reason
