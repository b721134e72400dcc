"""The case in which an outage is dealt with: reports of it follow it, and hear what is done in it. ADR 0028"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState, Deadline
from linli.contracts.workflow.outage import OutageFacts
from linli.frozen import replace
from workflow.cases.domain.case import Case, Step, case_event, dates, dispatched, moved
from workflow.cases.domain.clock import Clock, reminded_of
from workflow.cases.domain.merging import FOLLOWERS_AT_MOST, unmerge
from workflow.cases.domain.particulars import Particulars
from workflow.community.domain.directory import Directory
from workflow.outages.domain.outage import OF_OUTAGES, Outage
from workflow.outages.domain.words import call_again, called

GOES_UP_AFTER = timedelta(hours=4)
"""A company that says nothing for so long after its estimate is late like anybody else."""
WITHOUT_ESTIMATE = timedelta(hours=24)
URGENT_ACCEPT, URGENT_RESOLVE = timedelta(minutes=30), timedelta(hours=2)
"""What was to be back and is not comes before other work."""
HEADS_AT_MOST = 4
"""So many times as many reports as may follow one case are adopted; what comes beyond stays a case of its own."""


def head_opened(id: str, outage: Outage, directory: Directory, now: datetime) -> Iterator[Step]:
    """A case without a reporter, accepted by the company that has declared the outage."""
    facts = outage.facts
    about = Particulars(
        Kind.REPORT, called(facts, _language(outage, directory)), _only(facts), facts.category, None, None
    )
    yield from _given(id, about, outage, estimate_clock(facts, now), directory, now)


def alert_opened(
    id: str, building: str, count: int, outage: Outage, case: Case, directory: Directory, now: datetime
) -> Iterator[Step]:
    """The company is called again: several in one building, `neighbourhood/number`, say that it is not back."""
    neighbourhood, _, number = building.partition("/")
    title = call_again(outage.facts.utility, number, count, _language(outage, directory))
    about = Particulars(Kind.REPORT, title, neighbourhood, case.about.category, case.about.place, None)
    yield from _given(id, about, outage, urgent(now), directory, now)


def _given(
    id: str, about: Particulars, outage: Outage, clock: Clock, directory: Directory, now: datetime
) -> Iterator[Step]:
    case = Case(
        id=id,
        community=outage.community,
        channel=Channel.DESK,
        about=about,
        text="",
        attributes={},
        submitted_at=now,
        resident_id=None,
        language=_language(outage, directory),
        tracking_hash=f"{OF_OUTAGES}{id}",
        opened_at=now,
        updated_at=now,
        version=1,
        community_version=directory.version,
    )
    opened = {"channel": case.channel, "tracking_hash": case.tracking_hash, "submitted_at": now}
    yield case, case_event(events.CaseOpened, case, by=outage.party, **opened)
    after = replace(moved(case, CaseState.DISPATCHED, now), party=outage.party, first_party=outage.party, clock=clock)
    yield after, dispatched(after, by="linli", community_version=directory.version)


def estimate_clock(facts: OutageFacts, now: datetime) -> Clock:
    """What the company owes by its own estimate."""
    until = facts.until + GOES_UP_AFTER if facts.until else max(facts.starts_at, now) + WITHOUT_ESTIMATE
    return Clock(clock_from=now, in_working_days=False, accept_by=now + URGENT_RESOLVE, resolve_by=max(until, now))


def urgent(now: datetime) -> Clock:
    """The deadlines of what goes before other work."""
    accept, resolve = now + URGENT_ACCEPT, now + URGENT_RESOLVE
    return Clock(clock_from=now, in_working_days=False, accept_by=accept, resolve_by=resolve)


def asked(head: Case, until: datetime, now: datetime) -> Step:
    """The company's estimate has passed: what about it?"""
    after = replace(moved(head, head.state, now), clock=reminded_of(head.clock, Deadline.RESOLVE))
    return after, case_event(events.CaseReminded, after, by="linli", deadline=Deadline.RESOLVE, due=until)


def on_its_own_first(case: Case, outage: Outage, directory: Directory, message: str, now: datetime) -> Step:
    """A follower is a case of its own again, with the company and before other work."""
    there = replace(case, family=replace(case.family, had_party=outage.party, had_state=CaseState.DISPATCHED))
    after, event = unmerge(there, directory, outage.party, message, now)
    after = replace(after, clock=urgent(now))
    return after, event.model_copy(update=dates(after))


def has_room(head: Case) -> bool:
    return len(head.family.followers) < FOLLOWERS_AT_MOST


def _only(facts: OutageFacts) -> str | None:
    return facts.touches[0] if len(facts.touches) == 1 else None


def _language(outage: Outage, directory: Directory) -> Language:
    party = directory.party(outage.party)
    return party.language if party else Language.ZH
