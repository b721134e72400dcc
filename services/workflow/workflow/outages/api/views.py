"""Outages as answers have them. No personal data: these are public."""

from datetime import datetime

from linli.contracts.base import Record
from linli.contracts.workflow.outage import Cause, Confidence, OutageState, Utility
from linli.contracts.workflow.outage_area import Area
from linli.contracts.workflow.outage_words import summary
from workflow.community.domain.directory import Directory
from workflow.outages.domain.outage import Outage


class OutageView(Record):
    """An outage."""

    outage_id: str
    community: str
    party: str
    party_name: str
    state: OutageState
    planned: bool
    utility: Utility
    category: str | None
    cause: Cause | None
    starts_at: datetime
    until: datetime | None
    """When it is expected to be over; None while nobody can say."""
    confidence: Confidence | None
    area: Area
    neighbourhoods: tuple[str, ...]
    """Those that the area reaches into."""
    customers_affected: int | None
    declared_at: datetime
    updated_at: datetime
    text_zh: str
    text_en: str


class OutageList(Record):
    """Outages, the oldest first."""

    items: list[OutageView]


class FollowedOutage(OutageView):
    """An outage with what became of the reports of it."""

    cases: tuple[str, ...]
    """The cases in which it is dealt with: reports follow them."""
    following: int
    """Reports that follow it."""
    still_out: int
    """Of whose reporters said after the restoration that it is not back."""
    called_again: tuple[str, ...]
    """The buildings to which the company was called again, as `neighbourhood/number`."""
    asked_at: datetime | None
    """The estimate of which the company was asked when it had passed."""


def view(outage: Outage, directory: Directory, now: datetime) -> OutageView:
    return OutageView(**_fields(outage, directory, now))


def followed(outage: Outage, following: int, directory: Directory, now: datetime) -> FollowedOutage:
    return FollowedOutage(
        **_fields(outage, directory, now),
        cases=outage.heads,
        following=following,
        still_out=len(outage.still_out),
        called_again=outage.alerted,
        asked_at=outage.asked_for,
    )


def _fields(outage: Outage, directory: Directory, now: datetime) -> dict[str, object]:
    facts, party = outage.facts, directory.party(outage.party)
    text = summary(facts, directory.zone, now)
    own = ("outage_id", "community", "party", "state", "declared_at", "updated_at")
    told = ("planned", "utility", "category", "cause", "starts_at", "until", "confidence", "area", "customers_affected")
    return {
        **{name: getattr(outage, name) for name in own},
        **{name: getattr(facts, name) for name in told},
        "neighbourhoods": facts.touches,
        "party_name": party.name if party else outage.party,
        "text_zh": text.chinese,
        "text_en": str(text),
    }
