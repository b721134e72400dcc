"""An outage: what its company has said of it last, and the cases that it is dealt with in."""

from dataclasses import dataclass
from datetime import datetime

from linli.contracts.kinds import Kind
from linli.contracts.workflow.outage import OutageEvent, OutageFacts, OutageState
from linli.contracts.workflow.outage_area import Spot, lies_in
from linli.contracts.workflow.outage_matching import concerns
from workflow.cases.domain.case import Case

OF_OUTAGES = "outage:"
"""What the tracking hash of a case begins with that nobody reported: the hash of a code is hexadecimal."""


@dataclass(frozen=True, slots=True)
class StillOut:
    """Somebody who said after the restoration that it is not back."""

    case_id: str
    building: str | None
    """`neighbourhood/number`; None where none is known."""


@dataclass(frozen=True, slots=True)
class Outage:
    """`version` is the number of events in its story."""

    id: str
    community: str
    party: str
    outage_id: str
    facts: OutageFacts
    state: OutageState
    declared_at: datetime
    said_at: datetime
    """By the company's clock, when the newest happened that it has told: what is older comes too late."""
    updated_at: datetime
    heads: tuple[str, ...] = ()
    """The cases that reports of it follow: one, and a further one when so many follow that as may."""
    apart: tuple[str, ...] = ()
    """The cases of reporters who have it back while others have not."""
    still_out: tuple[StillOut, ...] = ()
    alerted: tuple[str, ...] = ()
    """The buildings for which the company was called again."""
    asked_for: datetime | None = None
    """The estimate that has passed, and of which the company was asked."""
    due_at: datetime | None = None
    """When it is to be looked at next."""
    version: int = 0

    @property
    def running(self) -> bool:
        return self.state.running


def key_of(community: str, party: str, outage_id: str) -> str:
    """A partner's own id, made unique. No slug has a `/`."""
    return f"{community}/{party}/{outage_id}"


def event_of(outage: Outage, kind: type[OutageEvent]) -> OutageEvent:
    """An event, with the outage as it stands after it."""
    return kind(
        **dict(outage.facts),
        outage_id=outage.outage_id,
        community=outage.community,
        party=outage.party,
        state=outage.state,
        occurred_at=outage.said_at,
    )


def spot_of(case: Case) -> Spot:
    """Where a case is, by all that is said of it."""
    about = case.about
    said = "\n".join(filter(None, (about.place, about.title, case.text)))
    return Spot.model_construct(neighbourhood=about.neighbourhood, said=said, location=about.location)


def is_about(outage: Outage, case: Case) -> bool:
    """Whether a case is a report of this outage, while that is running."""
    return (
        outage.running
        and case.community == outage.community
        and not case.different
        and not case.tracking_hash.startswith(OF_OUTAGES)
        and case.about.kind is Kind.REPORT
        and concerns(outage.facts, case.about.kind, case.about.category, spot_of(case), case.submitted_at)
    )


def is_outside(outage: Outage, case: Case) -> bool:
    """Whether a case that follows it lies elsewhere than where it is now."""
    return not lies_in(outage.facts.area, frozenset(outage.facts.touches), spot_of(case))
