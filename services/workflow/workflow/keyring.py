"""What operators do with API keys: load, decide, save, in one transaction."""

from collections.abc import Callable, Sequence

import structlog

from linli import mongo
from linli.auth import forbidden
from linli.errors import Problem, not_found
from linli.keys import new_key
from linli.outbox import Unsent
from linli.principals import Principal
from workflow.domain.keys import ApiKey, BeyondMaker, NoSuchKey, Wanted, made, revoked
from workflow.key_store import KeyStore
from workflow.store import WorkflowStore

log = structlog.get_logger()


class Keyring:
    """Makes and revokes keys, each time with the event that tells the other services."""

    def __init__(
        self,
        client: mongo.Client,
        store: WorkflowStore,
        keys: KeyStore,
        offer: Callable[[Sequence[Unsent]], None],
    ) -> None:
        self._client, self._store, self._keys, self._offer = client, store, keys, offer

    async def make(self, wanted: Wanted, by: Principal) -> tuple[ApiKey, str]:
        """A new key as it is kept, and the key itself, which is nowhere after this.

        Raises 422 for one that nobody can have, 403 for one that is more than `by` may.
        """
        directory = await self._store.directory(wanted.community) if wanted.community else None
        id, key = new_key()
        try:
            new = made(wanted, id, key, directory, by, await self._store.now())
        except NoSuchKey as error:
            raise Problem("no_such_key", 422, str(error)) from None
        except BeyondMaker as error:
            raise forbidden(str(error), error.reason) from None
        await self._save(new)
        log.info("key_made", key=id, role=wanted.role)
        return new, key

    async def all(self) -> list[ApiKey]:
        """Newest first, also those that have ended."""
        return await self._keys.all()

    async def revoke(self, id: str) -> ApiKey:
        """Take a key its power; a second time changes nothing. Raises 404."""
        known = await self._keys.key(id)
        if known is None:
            raise not_found("key")
        after = revoked(known, await self._store.now())
        if after is not known:
            await self._save(after)
            log.info("key_revoked", key=id)
        return after

    async def _save(self, key: ApiKey) -> None:
        async def work(session: mongo.Session) -> list[Unsent]:
            return await self._keys.save(key, await self._store.now(), session)

        self._offer(await mongo.transact(self._client, work, seconds=mongo.ANSWER_WITHIN))
