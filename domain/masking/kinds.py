"""What counts as personal data, and the sign that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class PersonalData(StrEnum):
    """What was masked in a text."""

    RESIDENT_NUMBER = "resident_number"
    CARD = "card"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    ORDER_NUMBER = "order_number"
    ADDRESS = "address"
    MESSENGER = "messenger"


#: Signs without a letter: they leave a review in its language, are no word of any list, and a
#: review of nothing but a phone number stays one that says nothing.
MARKERS: Mapping[PersonalData, str] = {
    PersonalData.RESIDENT_NUMBER: "[👤]",
    PersonalData.CARD: "[💳]",
    PersonalData.PHONE: "[☎]",
    PersonalData.EMAIL: "[✉]",
    PersonalData.ACCOUNT: "[🏦]",
    PersonalData.ORDER_NUMBER: "[📦]",
    PersonalData.ADDRESS: "[🏠]",
    PersonalData.MESSENGER: "[💬]",
}
#: All markers are of this length, so that one pattern finds where they stand.
MARKER_CHARS = 3
