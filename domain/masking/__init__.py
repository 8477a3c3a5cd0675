"""Personal data: what it is in a review, and how it is taken out before anything is stored."""

from domain.masking.kinds import MARKER_CHARS, MARKERS, PersonalData
from domain.masking.masker import Masked, is_personal, mask
from domain.masking.records import (
    excerpt,
    is_personal_id,
    is_personal_url,
    masked_raw,
    masked_record,
)

__all__ = [
    "MARKERS",
    "MARKER_CHARS",
    "Masked",
    "PersonalData",
    "excerpt",
    "is_personal",
    "is_personal_id",
    "is_personal_url",
    "mask",
    "masked_raw",
    "masked_record",
]
