"""How far partners' consumer groups have come, as whoever administers the broker reports it: notify may not ask."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import Field

from linli.application import telemetry
from linli.contracts.base import Record, Slug
from linli.contracts.notify.permissions import REPORT_GROUPS
from linli.security.audited import about
from linli.security.auth import needs
from linli.storage import mongo
from linli.storage.clock import Now
from linli.web.app import problems, router
from linli.web.given import given
from notify.partner_events.domain.standing import Place
from notify.partner_events.store import FeedStore

GROUPS = "partner_groups"
routes = router(prefix="/internal/v1/partner-groups", tags=["partners"])


class GroupStore:
    """The group of each partner that has come furthest."""

    def __init__(self, database: mongo.Database, now: Now) -> None:
        self._groups, self._now = database[GROUPS], now

    async def report(self, partner: str, read: int, behind: int) -> None:
        """A group has taken so many records in all; it has read when that is more than before."""
        await self._groups.update_one({"_id": partner}, {"$set": {"behind": behind}}, upsert=True)
        fresh = {"_id": partner, "$or": [{"read": {"$lt": read}}, {"read": {"$exists": False}}]}
        await self._groups.update_one(fresh, {"$set": {"read": read, "at": self._now()}})

    async def reported(self) -> Mapping[str, tuple[int, datetime | None]]:
        """By partner: how many records its group has yet to take, and when it was seen to take some last."""
        return {doc["_id"]: (int(doc["behind"]), doc.get("at")) for doc in await self._groups.find({}).to_list(None)}


class Topics:
    """Topics of a partner's own, as a way by which it reads. Who never committed a position has read nothing."""

    def __init__(self, groups: GroupStore, feeds: FeedStore) -> None:
        self._groups, self._feeds = groups, feeds

    async def places(self, partner: str | None) -> Mapping[str, Place]:
        reported = await self._groups.reported()
        return {id: _place(written, reported.get(id)) for id, written in (await self._feeds.on_kafka(partner)).items()}


def _place(written: int, reported: tuple[int, datetime | None] | None) -> Place:
    if reported is None:
        return Place("kafka", 0, None)
    behind, at = reported
    return Place("kafka", max(0, written - behind), at)


class Reported(Record):
    """What the group of a partner that has come furthest has read."""

    read: int = Field(ge=0, strict=True, examples=[12])
    """Records, of all its topics."""
    behind: int = Field(ge=0, strict=True, examples=[0])


GroupsDep = Annotated[GroupStore, given(GroupStore)]


@routes.post("/{community}/{party}", dependencies=[needs(REPORT_GROUPS)], status_code=204, responses=problems(422))
async def report(community: Slug, party: Slug, body: Reported, request: Request, groups: GroupsDep) -> None:
    """How far a partner has read, by whoever administers the broker."""
    telemetry.HELPER_CALLS.labels("access").inc()
    about(request, [f"{community}/{party}"])
    await groups.report(f"{community}/{party}", body.read, body.behind)
