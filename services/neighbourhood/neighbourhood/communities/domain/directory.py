"""A community's data as common affairs need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from linli.contracts.workflow.community import Community, Neighbourhood, Party
from linli.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who in a community, by id, and how its days are counted."""

    community: Community
    neighbourhoods: Mapping[str, Neighbourhood]
    parties: Mapping[str, Party]
    zone: ZoneInfo
    calendar: WorkingCalendar

    @classmethod
    def of(cls, community: Community) -> "Directory":
        """Index a community once per version, not once per request."""
        return cls(
            community,
            {place.id: place for place in community.neighbourhoods},
            {party.id: party for party in community.parties},
            ZoneInfo(community.timezone),
            WorkingCalendar.of(community),
        )

    def is_working_day(self, day: date) -> bool:
        """By the calendar by which cases' deadlines are counted; in a year that is not known, Monday to Friday."""
        return self.calendar.counts(day)

    @property
    def retired(self) -> bool:
        """Whether it takes up nothing new."""
        return self.community.retired_at is not None
