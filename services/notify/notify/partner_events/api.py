"""The route by which a partner's program fetches its events: for companies behind firewalls."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Query

from linli.contracts.base import Record
from linli.contracts.notify.permissions import READ_PARTNER_EVENTS
from linli.contracts.workflow.partner import Standing
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from notify.partner_events.read_store import ReadStore
from notify.partner_events.store import SANDBOX, FeedStore, Reach, Told

routes = router(prefix="/v1/events", tags=["partners"])
LOOK_AGAIN = 0.5
"""Seconds between two looks of a request that waits."""
MOST_WAITING = 4
"""Requests of one partner that wait at once; one more is answered without waiting."""
StoreDep = Annotated[FeedStore, given(FeedStore)]
ReadsDep = Annotated[ReadStore, given(ReadStore)]


class Waiting:
    """How many requests of each partner wait in this process."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    @contextmanager
    def place(self, partner: str) -> Iterator[bool]:
        """Whether there is room for one more, which holds its place for the block."""
        room = self._of[partner] < MOST_WAITING
        self._of[partner] += room
        try:
            yield room
        finally:
            self._of[partner] -= room
            if not self._of[partner]:
                del self._of[partner]


WaitingDep = Annotated[Waiting, given(Waiting)]


class PartnerEvents(Record):
    """Some of a partner's events, in order."""

    data: list[Mapping[str, Any]]
    """CloudEvents 1.0 in JSON."""
    cursor: str
    """Ask with this one next."""
    done: bool
    """Whether there are no more at the moment."""


@routes.get("", dependencies=[needs(READ_PARTNER_EVENTS)], responses=problems(403, 410, 422))
async def fetch(
    who: Who,
    store: StoreDep,
    reads: ReadsDep,
    waiting: WaitingDep,
    cursor: Annotated[str, Query(pattern=r"^[0-9]{1,15}$", description="What the last answer said")] = "0",
    types: Annotated[str | None, Query(max_length=1_000, description="Only these types, with commas between")] = None,
    wait: Annotated[int, Query(ge=0, le=30, description="Seconds to wait for one where there is none")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    sandbox: Annotated[bool, Query(description="Those that are only for trying, in place of the others")] = False,
) -> PartnerEvents:
    """Your orders and receipts, in order, after `cursor`; from the oldest that is kept unless said.

    The same may come again after a restore: take an `id` once. 410 says that what comes next is no longer kept, and
    with `oldest` where to go on.
    """
    partner, seen = f"{who.community}/{who.party}", int(cursor)
    _check_standing(await store.standing(partner))
    partner = f"{SANDBOX}{partner}" if sandbox else partner
    wanted = {each.strip() for each in types.split(",") if each.strip()} if types else None
    with waiting.place(partner) as room:
        until = time.monotonic() + (wait if room else 0)
        while True:
            reach = await store.reach(partner)
            if seen == 0:
                seen = reach.first - 1
            _check(seen, reach)
            await reads.fetched(partner, seen)
            found = await store.after(partner, seen, reach.last, wanted, limit + 1)
            if found or time.monotonic() >= until:
                return _answer(found, limit, reach)
            seen = reach.last
            await asyncio.sleep(LOOK_AGAIN)


def _check_standing(standing: Standing) -> None:
    if standing is Standing.PAUSED:
        english = "The office has paused you. Your events wait, and can be fetched when it goes on."
        raise Problem(
            "partner_paused", 403, Localized(english, "管理部门已暂停贵单位的接入。事件会保留，恢复后可以取回。")
        )
    if standing is Standing.REVOKED:
        raise Problem("no_partner", 403, Localized("You are no partner any more.", "贵单位已不是合作单位。"))


def _check(seen: int, reach: Reach) -> None:
    if seen + 1 < reach.first:
        raise Problem(
            "events_expired",
            410,
            Localized(
                "What comes after this cursor is no longer kept. Go on at the oldest: cursor={oldest}.",
                "这个 cursor 之后的事件已不再保存。请从最早的继续：cursor={oldest}。",
                oldest=str(reach.first - 1),
            ),
            oldest=str(reach.first - 1),
        )
    if seen > reach.last:
        raise Problem(
            "unknown_cursor",
            422,
            Localized("There has been no such cursor here.", "这里没有给出过这个 cursor。"),
        )


def _answer(found: list[Told], limit: int, reach: Reach) -> PartnerEvents:
    shown = found[:limit]
    more = len(found) > limit
    return PartnerEvents(
        data=[each.event for each in shown], cursor=str(shown[-1].number if more else reach.last), done=not more
    )
