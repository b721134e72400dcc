"""Who the partners are and who of them is silent, for notify: it tells people, and counts who reads nothing."""

from datetime import datetime
from typing import Annotated

from linli.contracts.base import Record
from linli.contracts.workflow.partner import Standing
from linli.contracts.workflow.permissions import WATCH_PARTNERS
from linli.security.auth import needs
from linli.storage.clock import ServerClock
from linli.web.app import router
from linli.web.given import given
from workflow.partners.store import PartnerStore

routes = router(prefix="/internal/v1/partners", tags=["internal"])
StoreDep = Annotated[PartnerStore, given(PartnerStore)]
ClockDep = Annotated[ServerClock, given(ServerClock)]


class WatchedPartner(Record):
    """A partner, and the orders of which it has said nothing within their time."""

    community: str
    party: str
    unanswered: int
    oldest_due: datetime | None
    """When a word of the oldest was due."""


class WatchedPartners(Record):
    """All of all communities."""

    items: list[WatchedPartner]


@routes.get("", dependencies=[needs(WATCH_PARTNERS)])
async def watched(store: StoreDep, clock: ClockDep) -> WatchedPartners:
    """For notify alone: those that take part."""
    found = await store.unanswered(clock.now())
    return WatchedPartners(
        items=[
            WatchedPartner(
                community=each.community,
                party=each.party,
                unanswered=found[each.id].orders if each.id in found else 0,
                oldest_due=found[each.id].oldest if each.id in found else None,
            )
            for each in await store.partners()
            if each.standing is Standing.ACTIVE
        ]
    )
