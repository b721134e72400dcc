"""Load, decide, save: what people do with a subscription."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError
from uuid_utils import uuid7

from intake.bulletins import domain
from intake.bulletins.domain import Changed, NewSubscription, Subscription
from intake.bulletins.store import SubscriptionStore
from intake.submissions.handlers import Caller, Intake, storage
from linli.contracts.intake.permissions import AMEND_ANY
from linli.contracts.intake.subscription import Hears, SubscriptionEnded
from linli.contracts.kinds import Kind
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.privacy.tracking import BITS, made_of, normalise
from linli.storage import mongo
from linli.storage.clock import Now
from linli.web.localized import Localized, no_community, no_neighbourhood, sentence_of
from linli.web.problems import Problem, unknown_code

log = structlog.get_logger()


class Bulletins:
    """Who reads what. Whether a mailbox is known is told to nobody but its owner."""

    def __init__(self, store: SubscriptionStore, intake: Intake, transactions: Transactions, now: Now) -> None:
        self._store, self._intake, self._transactions, self._now = store, intake, transactions, now
        intake.contacts_too.append(self.contacts)

    async def ask(self, new: NewSubscription) -> None:
        """Have a mailbox' owner asked, once. Raises 422, 503."""
        self._is_there(new)
        try:
            made, event = domain.asked(new, str(uuid7()), made_of(secrets.randbits(BITS)), self._now())
        except ValidationError:
            said = Localized("That is no e-mail address that a letter could go to.", "这不是可以收信的邮箱地址。")
            raise Problem("invalid", 422, said, errors=[{"field": "email", "message": said}]) from None

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            return None, await self._store.add(made, event, session)

        try:
            async with storage():
                await self._transactions.run(work)
        except DuplicateKeyError:
            log.info("subscription_known", neighbourhood=new.neighbourhood)
        else:
            log.info("subscription_asked", correlationid=made.id, neighbourhood=new.neighbourhood)

    async def of(self, code: str) -> Subscription:
        """Raises 404 for a code that there is not."""
        async with storage():
            return _there(await self._store.by_code(normalise(code) or ""))

    async def confirm(self, code: str) -> Subscription:
        return await self._change(code, domain.confirmed)

    async def thin(self, code: str, hears: Hears) -> Subscription:
        return await self._change(code, lambda before, _: domain.thinned(before, hears))

    async def end(self, code: str) -> None:
        """The mailbox is taken away for good."""
        await self._change(code, lambda before, _: domain.ended(before))

    async def forget(self, email: str) -> list[str]:
        """End all of one mailbox; their ids."""
        async with storage():
            known = await self._store.known(email)
        for each in known:
            await self.end(each.code)
        return [each.id for each in known]

    async def known(self, email: str) -> list[dict[str, Any]]:
        """All that is kept of one mailbox, for its owner."""
        async with storage():
            return [view_of(each) | {"email": each.email} for each in await self._store.known(email)]

    async def contacts(self, ids: Sequence[str]) -> Mapping[str, dict[str, Any]]:
        """For notify, by subscription: the mailbox and its code. One who has confirmed is known as one's own."""
        async with storage():
            found = await self._store.contacts(ids)
        return {
            each.id: {"tracking_code": each.code, "language": each.language, "email": each.email}
            | ({"vouched": True} if each.confirmed_at else {})
            for each in found
        }

    async def thin_demand(self, submission_id: str, hears: Hears, caller: Caller) -> None:
        """How much is told of a demand's way. Raises as `authorised`; 409 for what is no demand."""
        submission = await self._intake.authorised(submission_id, caller, AMEND_ANY)
        if submission.kind is not Kind.DEMAND:
            said = Localized("Only of a demand there is a way to tell of.", "只有需求才有后续去向可选。")
            raise Problem("not_allowed", 409, said, reason="no_demand")

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            return None, await self._store.thin(submission_id, hears, self._now(), session)

        async with storage():
            await self._transactions.run(work)

    async def _change(self, code: str, decide: Callable[[Subscription, datetime], Changed | None]) -> Subscription:
        now = self._now()

        async def work(session: mongo.Session) -> tuple[Subscription, list[Unsent]]:
            before = _there(await self._store.by_code(normalise(code) or "", session))
            changed = decide(before, now)
            if changed is None:
                return before, []
            after, event = changed
            write = self._store.remove if isinstance(event, SubscriptionEnded) else self._store.save
            return after, await write(after, event, now, session)

        async with storage():
            return await self._transactions.run(work)

    def _is_there(self, new: NewSubscription) -> None:
        communities = self._intake.directory.communities
        if not communities:
            said = Localized("No community's data has arrived here yet.", "本服务尚未收到街道数据。")
            raise Problem("community_not_loaded", 503, said, retry_after=5)
        known = communities.get(new.community)
        if known is None:
            raise Problem("unknown_community", 422, sentence_of(no_community(new.community)))
        if new.neighbourhood not in known.neighbourhoods:
            said = sentence_of(no_neighbourhood(new.community, new.neighbourhood))
            raise Problem("unknown_neighbourhood", 422, said)


def view_of(of: Subscription) -> dict[str, Any]:
    """A subscription without its mailbox."""
    names = ("community", "neighbourhood", "language", "hears", "asked_at", "confirmed_at")
    return {name: getattr(of, name) for name in names}


def _there(found: Subscription | None) -> Subscription:
    if found is None:
        raise unknown_code(Localized("There is no subscription with this code.", "没有这个编码的订阅。"))
    return found
