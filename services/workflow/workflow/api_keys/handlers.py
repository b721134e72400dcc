"""What operators do with API keys: load, decide, save, in one transaction."""

import re

import structlog

from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.security.auth import forbidden
from linli.security.keys import new_key
from linli.security.principals import Principal
from linli.storage import mongo
from linli.web.localized import no_community, of_error, sentence_of
from linli.web.problems import Problem, Refused, not_found
from workflow.api_keys.domain import ApiKey, BeyondMaker, NoSuchKey, Wanted, lost, made, may_revoke, revoked
from workflow.api_keys.store import KeyStore
from workflow.community.store import CommunityStore

log = structlog.get_logger()


class ApiKeys:
    """Makes and revokes keys, each with the event for the other services."""

    def __init__(self, transactions: Transactions, communities: CommunityStore, keys: KeyStore) -> None:
        self._transactions, self._communities, self._keys = transactions, communities, keys

    async def make(self, wanted: Wanted, by: Principal) -> tuple[ApiKey, str]:
        """A new key as it is kept, and the key itself, which is nowhere after this.

        Raises 422 for one that nobody can have, 403 for one that is more than `by` may.
        """
        directory = await self._communities.directory(wanted.community) if wanted.community else None
        for community in wanted.communities or ():
            if await self._communities.directory(community) is None:
                raise Problem("no_such_key", 422, sentence_of(no_community(community)))
        id, key = new_key()
        try:
            new = made(wanted, id, key, directory, by, self._communities.now())
        except NoSuchKey as error:
            raise Problem("no_such_key", 422, of_error(error)) from None
        except BeyondMaker as error:
            raise forbidden(str(error), error.reason) from None

        async def work(session: mongo.Session) -> tuple[ApiKey, list[Unsent]]:
            if (maker := key_of(by.id)) and not await self._keys.still_makes(maker, session):
                raise forbidden("Your own key was revoked meanwhile.", "revoked key")
            return new, await self._keys.save([(None, new)], self._communities.now(), session)

        await self._transactions.run(work)
        log.info("key_made", key=id, role=wanted.role)
        return new, key

    async def all(self) -> list[ApiKey]:
        """Newest first, also those that have ended."""
        return await self._keys.all()

    async def revoke(self, id: str, by: Principal, *, elsewhere: bool = False) -> list[ApiKey]:
        """Take a key its power, and all keys that were made with it: that key first. A second time changes nothing.

        `elsewhere`: also one that only another service knows. Raises 404, and 403 for one that may do more than `by`.
        """

        async def work(session: mongo.Session) -> tuple[tuple[list[ApiKey], list[ApiKey]], list[Unsent]]:
            now = self._communities.now()
            known = await self._keys.key(id, session)
            if known is None:
                if not elsewhere or by.scopes is not None or not KEY_ID.fullmatch(id):
                    raise not_found("key")
                known = lost(id, now)
                return ([known], [known]), await self._keys.save([(None, known)], now, session)
            may_revoke(known, by)
            before = [known, *await self._keys.made_with(id, session)]
            after = [revoked(key, now) for key in before]
            changed = [(was, key) for was, key in zip(before, after, strict=True) if key is not was]
            return (after, [key for _, key in changed]), await self._keys.save(changed, now, session)

        try:
            after, ended = await self._transactions.run(work)
        except BeyondMaker as error:
            raise Refused(forbidden(str(error), error.reason), error.reason, id) from None
        for key in ended:
            log.info("key_revoked", key=key.published.key_id)
        return after


KEY_ID = re.compile(r"[0-9a-z]{10}")


def key_of(principal: str) -> str | None:
    """The id of an API key, of a principal that is one."""
    return principal.removeprefix("key:") if principal.startswith("key:") else None
