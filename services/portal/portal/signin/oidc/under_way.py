"""Sign-ins that people have gone to the issuer for: each comes back once, within ten minutes, in the same browser."""

import json
from dataclasses import dataclass
from datetime import timedelta

from cryptography.exceptions import InvalidTag

from linli.storage.clock import Now
from portal.signin.oidc.store import UnderWay, UnderWayStore
from portal.signin.sealing import id_of, new_token, opened, sealed

GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """What is told to the issuer, or kept from it."""

    state: str
    nonce: str
    verifier: str
    next: str


class SignIns:
    """Begins them, and knows them again."""

    def __init__(self, store: UnderWayStore, now: Now) -> None:
        self._store, self._now = store, now

    async def begin(self, browser: str, next: str) -> Begun:
        """`browser` is what its cookie holds: a code that somebody else was given opens no session in it."""
        begun = Begun(new_token(), new_token(), new_token(), next)
        content = sealed(browser, json.dumps([begun.nonce, begun.verifier, next]))
        await self._store.insert(UnderWay(id_of(begun.state), id_of(browser), content, self._now() + GOOD_FOR))
        return begun

    async def back(self, browser: str, state: str) -> Begun | None:
        """The sign-in that comes back; None when it is over, was ended before, or was begun in another browser."""
        found = await self._store.take(id_of(state), id_of(browser), self._now())
        if found is None:
            return None
        try:
            nonce, verifier, next = json.loads(opened(browser, found.sealed))
        except InvalidTag:
            return None
        return Begun(state, nonce, verifier, next)
