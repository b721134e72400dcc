"""A party that is invited to a deliberation has a case of it, and so an order in its own system. ADR 0040"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.neighbourhood.deliberations_parties import PartyInvited
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState
from linli.frozen import replace
from workflow.cases.domain.case import Case, Step, case_event, dispatched, moved
from workflow.cases.domain.clock import Clock
from workflow.cases.domain.particulars import Particulars
from workflow.community.domain.directory import Directory

OF_INVITATIONS = "invitation:"
"""What no tracking code comes to."""


def invited(event: PartyInvited, directory: Directory, now: datetime) -> Iterator[Step]:
    """A case without a reporter, with the invited party: it accepts and comes, or returns it and does not.

    It is to answer by `answer_by`; the rest of it ends with the talks.
    """
    party = directory.party(event.invited)
    case = Case(
        id=event.invitation_id,
        community=event.community,
        channel=Channel.DESK,
        about=Particulars(Kind.DEMAND, event.title, event.neighbourhood, None, None, None),
        text=event.asks,
        attributes={},
        submitted_at=event.at,
        resident_id=None,
        language=party.language if party else Language.ZH,
        tracking_hash=f"{OF_INVITATIONS}{event.invitation_id}",
        opened_at=now,
        updated_at=now,
        version=1,
        community_version=directory.version,
        invites_to=event.deliberation_id,
    )
    opened = {"channel": case.channel, "tracking_hash": case.tracking_hash, "submitted_at": case.submitted_at}
    yield case, case_event(events.CaseOpened, case, by="linli", **opened)
    ends = datetime.combine(event.talks_until + timedelta(days=1), time(), tzinfo=directory.zone)
    accept_by = max(event.answer_by, now)
    clock = Clock(clock_from=now, in_working_days=False, accept_by=accept_by, resolve_by=max(ends, accept_by))
    after = replace(moved(case, CaseState.DISPATCHED, now), party=event.invited, first_party=event.invited, clock=clock)
    yield after, dispatched(after, by="linli", community_version=directory.version)
