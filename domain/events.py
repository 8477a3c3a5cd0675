"""Events: what happened to an aggregate, as CloudEvents 1.0 (cloudevents.io)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

SOURCE = "/emotion-cards"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `aggregate` names the topic, `aggregate_id` is the key of the message."""

    event_id: UUID
    aggregate: str
    aggregate_id: str
    type: str
    data: dict[str, Any]
    occurred_at: datetime

    def to_cloudevent(self) -> dict[str, Any]:
        """Return the structured JSON form."""
        return {
            "specversion": "1.0",
            "id": str(self.event_id),
            "source": SOURCE,
            "type": f"emotion-cards.{self.aggregate}.{self.type}",
            "subject": self.aggregate_id,
            "time": self.occurred_at.isoformat(),
            "datacontenttype": "application/json",
            "data": self.data,
        }
