"""Sessions of staff: begun with a key or token that workflow takes, ended by their person, by time, or with the key.

What the session may do workflow says, at most `CONFIRMED_FOR` seconds ago; a key that is revoked ends it.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from cryptography.exceptions import InvalidTag

from linli.storage.clock import Now
from linli.web.problems import Problem
from portal.services import Caller, Services
from portal.signin.csrf import new_token as new_form_token
from portal.signin.person import Person
from portal.signin.sealing import id_of, new_token, opened, sealed
from portal.signin.store import SessionStore, Stored

CONFIRMED_FOR = 5.0
"""Seconds for which workflow's word on a session counts."""
SEEN_EVERY = timedelta(minutes=1)
REMEMBERED = 10_000
"""Sessions whose confirmation one process remembers."""


class Sessions:
    """Begins, finds and ends them."""

    def __init__(
        self,
        store: SessionStore,
        services: Services,
        now: Now,
        longest: timedelta,
        idle: timedelta,
        secure: bool = False,
        counter: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._services, self._now, self._counter = store, services, now, counter
        self._longest, self._idle, self.secure = longest, idle, secure
        self._confirmed: dict[str, tuple[float, Person]] = {}

    async def begin(self, key: str, caller: Caller, device: str) -> tuple[str, Person]:
        """A new session, as the cookie's token. Raises 401 for a key that workflow does not take, 403 for a
        program's, 503 without workflow."""
        said = await self._services.get("workflow", "/v1/whoami", Caller(key, caller.origin, caller.trace))
        token, form_token, now = new_token(), new_form_token(), self._now()
        person = Person.of(id_of(token), form_token, key, said)
        await self._store.insert(
            Stored(
                id=person.session,
                principal=person.principal,
                role=person.role,
                party=person.party,
                form_token=form_token,
                sealed=sealed(token, key),
                began_at=now,
                seen_at=now,
                ends_at=now + min(self._idle, self._longest),
                device=device[:120],
            )
        )
        return token, person

    async def find(self, token: str, caller: Caller) -> Person | None:
        """Whose session it is, None when it has ended. Raises 503 when workflow cannot be asked."""
        id, now = id_of(token), self._now()
        stored = await self._store.find(id, now)
        if stored is None:
            self._confirmed.pop(id, None)
            return None
        if now - stored.seen_at >= SEEN_EVERY:
            await self._store.seen(id, now, min(now + self._idle, stored.began_at + self._longest))
        at, person = self._confirmed.get(id, (0.0, None))
        if person is not None and self._counter() - at < CONFIRMED_FOR:
            return person
        return await self._confirm(token, stored, caller)

    async def _confirm(self, token: str, stored: Stored, caller: Caller) -> Person | None:
        try:
            key = opened(token, stored.sealed)
            said = await self._services.get("workflow", "/v1/whoami", Caller(key, caller.origin, caller.trace))
        except (InvalidTag, Problem) as error:
            if isinstance(error, Problem) and error.status != 401:
                raise
            await self.end(stored.principal, stored.id)
            return None
        person = Person.of(stored.id, stored.form_token, key, said)
        if len(self._confirmed) >= REMEMBERED:
            self._confirmed.clear()
        self._confirmed[stored.id] = self._counter(), person
        return person

    async def of(self, principal: str) -> Sequence[Stored]:
        return await self._store.of(principal, self._now())

    async def end(self, principal: str, id: str) -> bool:
        self._confirmed.pop(id, None)
        return await self._store.end(principal, id)

    async def end_others(self, person: Person) -> int:
        self._confirmed.clear()
        return await self._store.end_others(person.principal, person.session)
