"""Planned outages as a calendar that people subscribe to."""

from collections.abc import Mapping, Sequence

from linli.calendars import CalendarEntry, written
from linli.contracts.workflow.outage import Confidence
from workflow.community.domain.directory import Directory
from workflow.outages.domain.outage import Outage
from workflow.outages.domain.words import called_in_both


def calendar_of(outages: Sequence[Outage], directories: Mapping[str, Directory]) -> bytes:
    """One entry for each, with the same id for as long as it is planned."""
    entries = (_entry(outage, directories[outage.community]) for outage in outages)
    return written("outages", "停水停电计划 Planned outages", entries)


def _entry(outage: Outage, directory: Directory) -> CalendarEntry:
    facts, party = outage.facts, directory.party(outage.party)
    return CalendarEntry(
        id=outage.id,
        version=outage.version,
        changed_at=outage.updated_at,
        starts_at=facts.starts_at,
        until=facts.until,
        zone=directory.zone,
        summary=called_in_both(facts),
        location=_where(outage, directory),
        description=party.name if party else outage.party,
        status="TENTATIVE" if facts.confidence is Confidence.LOW else "CONFIRMED",
    )


def _where(outage: Outage, directory: Directory) -> str:
    names = {place.id: place.name for place in directory.community.neighbourhoods}
    area = outage.facts.area
    places = [names.get(id, id) for id in area.neighbourhoods]
    places += [f"{names.get(each.neighbourhood, each.neighbourhood)} {each.name}" for each in area.buildings]
    return "、".join(places or [names.get(id, id) for id in outage.facts.touches])
