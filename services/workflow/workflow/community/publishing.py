"""What operators do with a community's data: load, decide, save, in one transaction."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TypeAlias

from linli.contracts.workflow.community import Community
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.web.localized import Localized, listed
from linli.web.problems import Problem, not_found
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore

NAMED_AT_MOST = 10
"""Parties in a refusal."""
OpenWith: TypeAlias = Callable[[str, Collection[str], mongo.Session], Awaitable[Mapping[str, int]]]
"""Community, parties → how much each of them has to deal with."""


class _Tried(Exception):
    """Ends a transaction that was only to show what would come of it."""

    def __init__(self, version: int, changed: bool) -> None:
        super().__init__()
        self.version, self.changed = version, changed


class Publishing:
    """Puts versions in force, each with the event for the other services."""

    def __init__(self, transactions: Transactions, communities: CommunityStore, open_with: OpenWith) -> None:
        self._transactions, self._communities, self._open_with = transactions, communities, open_with

    async def publish(self, community: Community, *, dry_run: bool = False) -> tuple[int, bool]:
        """Put a community's data in force: the version, and whether it is a new one. One that is retired stays so.

        `dry_run`: the same, and nothing of it stays.

        Raises 409 when it lacks a party that has cases to deal with: nobody below the top would see them.
        """

        async def work(session: mongo.Session) -> tuple[tuple[int, bool], list[Unsent]]:
            before = (await self._communities.directories(session)).get(community.id)
            gone = before.ids.difference(party.id for party in community.parties) if before else ()
            if gone and (left := await self._open_with(community.id, gone, session)):
                raise _has_cases(left, before)
            retired_at = before.community.retired_at if before else None
            put = community.model_copy(update={"retired_at": retired_at})
            version, unsent = await self._communities.publish(put, self._communities.now(), session)
            if dry_run:
                raise _Tried(version, bool(unsent))
            return (version, bool(unsent)), unsent

        try:
            return await self._transactions.run(work)
        except _Tried as tried:
            return tried.version, tried.changed

    async def retire(self, id: str, *, retired: bool) -> tuple[Community, int, bool]:
        """Let a community take no new submissions, or again: its data, their version, whether that is a new one.

        Raises 404.
        """

        async def work(session: mongo.Session) -> tuple[tuple[Community, int, bool], list[Unsent]]:
            before = (await self._communities.directories(session)).get(id)
            if before is None:
                raise not_found("community")
            now = self._communities.now()
            at = (before.community.retired_at or now) if retired else None
            changed = before.community.model_copy(update={"retired_at": at})
            version, unsent = await self._communities.publish(changed, now, session)
            return (changed, version, bool(unsent)), unsent

        return await self._transactions.run(work)


def _has_cases(left: Mapping[str, int], directory: Directory | None) -> Problem:
    named = [_with_cases(party, count, directory) for party, count in left.items()][:NAMED_AT_MOST]
    others = len(left) - NAMED_AT_MOST
    more = Localized(" and {others} more", "，另有 {others} 个单位", others=others) if others > 0 else ""
    detail = Localized(
        "Parties that the data lack have cases to deal with: {named}{more}.",
        "资料中没有的单位还有未办结的事项，请先改派：{named}{more}。",
        **{"named": listed(named), "more": more},
    )
    return Problem("party_has_cases", 409, detail, parties=dict(list(left.items())[:NAMED_AT_MOST]))


def _with_cases(party: str, count: int, directory: Directory | None) -> Localized:
    known = directory.party(party) if directory else None
    name = Localized(party, f"{known.name} {party}" if known else party)
    return Localized("{name} ({count})", "{name}（{count} 件）", name=name, count=count)
