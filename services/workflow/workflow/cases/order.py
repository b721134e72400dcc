"""The orders in which cases are listed, and places in them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from workflow.cases.domain.case import Case

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last case, and by what time it stood there; None where ids say it all."""

    id: str
    at: datetime | None = None

    def __str__(self) -> str:
        """As it goes into `cursor`: milliseconds, as the database keeps them."""
        return self.id if self.at is None else f"{(self.at - _EPOCH) // timedelta(milliseconds=1)}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """What `str` made."""
        at, _, id = text.rpartition("~")
        return cls(id, _EPOCH + timedelta(milliseconds=int(at)) if at else None)


class Order(StrEnum):
    """Which cases come first."""

    NEWEST = "newest"
    AGE = "age"
    """Who has waited longest since they said it."""
    DUE = "due"
    """What is owed first; what owes nothing is left out."""
    UPDATED = "updated"
    """Where something happened last."""

    @property
    def keys(self) -> list[tuple[str, int]]:
        """What the database sorts by."""
        field, way = _FIELDS[self]
        return [("_id", way)] if field is None else [(field, way), ("_id", way)]

    @property
    def only(self) -> dict[str, Any]:
        """What has a place in this order."""
        return {"owed_by": {"$exists": True}} if self is Order.DUE else {}

    def after(self, place: Place) -> dict[str, Any]:
        """What comes after a place. Ids grow with time and never change."""
        field, way = _FIELDS[self]
        beyond = "$gt" if way > 0 else "$lt"
        if field is None:
            return {"_id": {beyond: place.id}}
        return {"$or": [{field: {beyond: place.at}}, {field: place.at, "_id": {beyond: place.id}}]}

    def place(self, case: Case, owed_by: datetime | None) -> Place:
        """A case's place in this order."""
        match self:
            case Order.NEWEST:
                return Place(case.id)
            case Order.AGE:
                return Place(case.id, case.submitted_at)
            case Order.DUE:
                return Place(case.id, owed_by)
            case Order.UPDATED:
                return Place(case.id, case.updated_at)


_FIELDS: dict[Order, tuple[str | None, int]] = {
    Order.NEWEST: (None, -1),
    Order.AGE: ("submitted_at", 1),
    Order.DUE: ("owed_by", 1),
    Order.UPDATED: ("updated_at", -1),
}
