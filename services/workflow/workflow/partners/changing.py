"""What operators do with partners, and what the broker says back: load, decide, save."""

from collections.abc import Callable, Collection
from datetime import datetime

import structlog

from linli.contracts.workflow.partner import Way
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.localized import Localized, no_community, no_party, sentence_of
from linli.web.problems import Problem, not_found
from workflow.community.store import CommunityStore
from workflow.partners.domain import partner as decided
from workflow.partners.domain.partner import Partner, partner_id
from workflow.partners.store import PartnerStore

log = structlog.get_logger()


class Changing:
    """Adds partners, and changes how they take part. What is so already stays as it is."""

    def __init__(self, transactions: Transactions, communities: CommunityStore, store: PartnerStore) -> None:
        self._transactions, self._communities, self._store = transactions, communities, store

    async def add(self, community: str, party: str, ways: Collection[Way], by: Principal) -> Partner:
        """The partner, with these ways too. Raises 422 for a party that there is not."""
        directory = await self._communities.directory(community)
        if directory is None:
            raise Problem("unknown_community", 422, sentence_of(no_community(community)))
        if directory.party(party) is None:
            raise Problem("unknown_party", 422, no_party(party, community))

        if Way.KAFKA in ways and not decided.names_topics(community, party):
            raise Problem("no_topic_name", 422, NO_TOPIC_NAME)

        def decide(before: Partner | None, now: datetime) -> Partner:
            return decided.added(before or Partner(community, party, now, by.id), ways, now)

        return await self._change(partner_id(community, party), decide, "partner_added")

    async def pause(self, id: str) -> Partner:
        """Send it nothing and take nothing from it. Raises 404; 409 for one that was revoked."""
        return await self._change(id, lambda before, _: decided.paused(_taking_part(before)), "partner_paused")

    async def resume(self, id: str) -> Partner:
        """Let it go on where it was. Raises 404; 409 for one that was revoked."""
        return await self._change(id, lambda before, _: decided.resumed(_taking_part(before)), "partner_resumed")

    async def rotate(self, id: str, *, at_once: bool) -> Partner:
        """Give it a new password on Kafka. Raises 404; 409 for one without Kafka, or with two that count."""

        def decide(before: Partner | None, now: datetime) -> Partner:
            partner = _with_kafka(_taking_part(before))
            if (until := decided.counting(partner, now)) is not None and not at_once:
                raise Problem(
                    "rotation_running",
                    409,
                    Localized(
                        "The password before still counts, until {until}. Wait, or end it now: at_once.",
                        "上一个密码在 {until} 之前仍可使用。请等待，或用 at_once 立即停用。",
                        until=f"{until:%Y-%m-%d %H:%M} UTC",
                    ),
                )
            return decided.rotated(partner, now, at_once=at_once)

        return await self._change(id, decide, "partner_rotated")

    async def revoke(self, id: str) -> Partner:
        """End its part. Raises 404."""
        return await self._change(id, lambda before, _: decided.revoked(_existing(before)), "partner_revoked")

    async def applied(self, id: str, version: int) -> Partner:
        """The broker is in line with this version of it. Raises 404."""
        return await self._change(id, lambda before, _: decided.in_line(_existing(before), version), "partner_in_line")

    async def expire(self, partner: Partner) -> Partner:
        """Without the passwords whose time is over."""
        return await self._change(
            partner.id, lambda before, now: decided.expired(_existing(before), now), "partner_password_ended"
        )

    async def _change(self, id: str, decide: Callable[[Partner | None, datetime], Partner], said: str) -> Partner:
        async def work(session: mongo.Session) -> tuple[tuple[Partner | None, Partner], list[Unsent]]:
            now = self._communities.now()
            before = await self._store.partner(id, session)
            after = decide(before, now)
            unsent = await self._store.save(before, after, now, session) if after != before else []
            return (before, after), unsent

        before, after = await self._transactions.run(work)
        if before != after:
            log.info(said, partner=id, version=after.version)
        return after


NO_TOPIC_NAME = Localized(
    "Kafka's topics are named by community and party: for Kafka neither id may have a '.' or a '_'.",
    "Kafka 主题以街道和单位的编号命名：使用 Kafka 时，编号中不能有“.”或“_”。",
)


def _existing(partner: Partner | None) -> Partner:
    if partner is None:
        raise not_found("partner")
    return partner


def _taking_part(partner: Partner | None) -> Partner:
    found = _existing(partner)
    if found.is_revoked:
        raise Problem(
            "partner_revoked",
            409,
            Localized(
                "{party} is a partner no more. Add it again: POST /v1/partners.",
                "{party} 已不是合作单位。请重新添加：POST /v1/partners。",
                party=found.party,
            ),
        )
    return found


def _with_kafka(partner: Partner) -> Partner:
    if not partner.logins:
        raise Problem(
            "no_kafka",
            409,
            Localized("{party} does not come by Kafka.", "{party} 没有使用 Kafka 接入。", party=partner.party),
        )
    return partner
