"""Planned outages as a calendar that people subscribe to (RFC 5545)."""

from collections.abc import Mapping, Sequence

from icalendar import Calendar, Event

from linli.contracts.workflow.outage import Confidence
from workflow.community.domain.directory import Directory
from workflow.outages.domain.outage import Outage
from workflow.outages.domain.words import called_in_both


def calendar_of(outages: Sequence[Outage], directories: Mapping[str, Directory]) -> bytes:
    """One entry for each, with the same id for as long as it is planned."""
    calendar = Calendar()
    calendar.add("prodid", "-//Linli 邻里//outages//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "停水停电计划 Planned outages")
    for outage in outages:
        calendar.add_component(_entry(outage, directories[outage.community]))
    return bytes(calendar.to_ical())


def _entry(outage: Outage, directory: Directory) -> Event:
    facts = outage.facts
    entry = Event()
    entry.add("uid", f"{outage.id}@linli")
    entry.add("dtstamp", outage.updated_at)
    entry.add("sequence", outage.version)
    entry.add("dtstart", facts.starts_at.astimezone(directory.zone))
    if facts.until:
        entry.add("dtend", facts.until.astimezone(directory.zone))
    entry.add("summary", called_in_both(facts))
    entry.add("location", _where(outage, directory))
    entry.add("status", "TENTATIVE" if facts.confidence is Confidence.LOW else "CONFIRMED")
    party = directory.party(outage.party)
    entry.add("description", party.name if party else outage.party)
    return entry


def _where(outage: Outage, directory: Directory) -> str:
    names = {place.id: place.name for place in directory.community.neighbourhoods}
    area = outage.facts.area
    places = [names.get(id, id) for id in area.neighbourhoods]
    places += [f"{names.get(each.neighbourhood, each.neighbourhood)} {each.name}" for each in area.buildings]
    return "、".join(places or [names.get(id, id) for id in outage.facts.touches])
