"""What the public may know of a case, and what it may add."""

from datetime import datetime
from enum import IntEnum

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.contracts.workflow.community import Level, Neighbourhood, Party
from linli.security.permissions import Role
from linli.security.principals import Principal
from workflow.cases.domain.case import Case, Step
from workflow.cases.domain.supplement import supplement
from workflow.community.domain.directory import Directory
from workflow.requests.domain.services import ANSWERED_IN_PUBLIC

KINDS = tuple(kind.value for kind in ANSWERED_IN_PUBLIC)
CLOSED = (CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN)
OPEN = tuple(state for state in CaseState if state not in CLOSED)
ABOUT = 3
"""Decimals of a point whose reporter did not mean it for the public: about a hundred metres."""
READERS = frozenset({Role.SERVICE, Role.OPERATOR, Role.AUDITOR})
"""Who may be told words at all."""


class Where(IntEnum):
    """How exactly it is told where something is."""

    NEIGHBOURHOOD = 0
    ABOUT = 1
    EXACT = 2


def published(case: Case) -> bool:
    """Whether the public may know that it is there. A part is known by its whole."""
    return case.about.kind in ANSWERED_IN_PUBLIC and case.family.part_of is None


def may_see(who: Principal, community: str) -> bool:
    """Whether a program's key is for this community."""
    return who.communities is None or community in who.communities


def with_words(who: Principal, case: Case) -> bool:
    """Whether words, place and exact point are told: of what came in over Open311, whose sender publishes it, and to a
    program that submits there."""
    own = who.role in READERS and (who.channels is None or Channel.OPEN311 in who.channels)
    return own and case.channel is Channel.OPEN311 and case.erased_at is None


def how_exactly(who: Principal, case: Case) -> Where:
    """Where it is told to be: to who shows no key, only in which neighbourhood."""
    if who.role is Role.RESIDENT:
        return Where.NEIGHBOURHOOD
    return Where.EXACT if with_words(who, case) else Where.ABOUT


def may_comment(who: Principal, case: Case) -> bool:
    """Whether a program may add what its user says: to what came in as its own does."""
    return published(case) and may_see(who, case.community) and with_words(who, case)


def named_in_public(party_id: str | None, directory: Directory) -> Party | None:
    """Who is said to be responsible: of neighbours, who stand below the grid and bear people's names, the grid."""
    party = directory.party(party_id) if party_id else None
    return directory.no_lower_than(party, Level.GRID) if party and party.kind.level else party


def is_open(state: CaseState) -> bool:
    return state not in CLOSED


def whereabouts(case: Case, place: Neighbourhood | None, how: Where) -> Point | None:
    """Its point, exact or about there; else the middle of its neighbourhood, if that has an outline."""
    if (point := case.about.location) is None or how is Where.NEIGHBOURHOOD:
        ring = place.outline.coordinates[0] if place and place.outline else ()
        middle = [sum(corner[axis] for corner in ring) / len(ring) for axis in (0, 1)] if ring else None
        return _about(*middle) if middle else None
    return point if how is Where.EXACT else _about(point.lon, point.lat)


def _about(lon: float, lat: float) -> Point:
    return Point(lon=round(lon, ABOUT), lat=round(lat, ABOUT))


def standing(event: CaseEvent) -> str:
    """How a request stands after a step, in the words of the extension that FixMyStreet reads."""
    if isinstance(event, events.CaseReopened):
        return "open"
    return _STANDING[event.state]


_STANDING = {
    CaseState.OPEN: "open",
    CaseState.TRIAGE: "for_triage",
    CaseState.DISPATCHED: "investigating",
    CaseState.ACCEPTED: "in_progress",
    CaseState.RETURNED: "for_triage",
    CaseState.RESOLVED: "fixed",
    CaseState.CLOSED: "closed",
    CaseState.WITHDRAWN: "cancelled",
}


def commented(case: Case, said: str, standing: str | None, now: datetime) -> Step:
    """What a reporter adds elsewhere, with what it stands at there. The case moves by staff's steps alone."""
    return supplement(case, f"{said} ({standing})" if standing else said, now)
