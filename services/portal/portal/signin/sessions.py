"""Sessions of staff: begun with a key or with an issuer's tokens, ended by their person, by time, or with these.

What the session may do workflow says, at most `CONFIRMED_FOR` seconds ago; a key that is revoked ends it. The cookie is
exchanged every `TURNS_EVERY`: one that was copied is soon worth nothing.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.exceptions import InvalidTag

from linli.storage.clock import Now
from linli.web.problems import Problem
from portal.being_asked import BeingAsked
from portal.services import Caller, Services
from portal.signin.credential import Credential
from portal.signin.csrf import new_token as new_form_token
from portal.signin.person import Person
from portal.signin.renewal import Renewal
from portal.signin.sealing import id_of, new_token, opened, sealed
from portal.signin.store import Cookie, CookieStore, SessionStore, Stored

CONFIRMED_FOR = 5.0
"""Seconds for which workflow's word on a session counts."""
STANDS_FOR = 900.0
"""Seconds for which it counts while workflow cannot be asked, on a page that asks nothing of it: so whoever is on duty
sees in the topology that workflow is away. Nobody can revoke a key while it is."""
PATIENT_FOR = 2.0
"""Seconds in which such a page waits for workflow's word."""
SEEN_EVERY = timedelta(minutes=1)
TURNS_EVERY = timedelta(minutes=30)
EARLIER_GOOD_FOR = timedelta(minutes=1)
"""What was under way with the earlier cookie when the browser got the new one; and when a new one that the browser
never showed is given anew."""
MOST = 50
"""Sessions of one person; a new one ends the oldest."""
REMEMBERED = 10_000
"""Sessions whose confirmation one process remembers."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whose session a cookie opens, and the cookie that is to take its place."""

    person: Person
    session_key: str = field(repr=False)
    """The same however often the cookie is exchanged; no database has it."""
    next_token: str | None = field(default=None, repr=False)


class Sessions:
    """Begins, finds and ends them."""

    def __init__(
        self,
        store: SessionStore,
        cookies: CookieStore,
        services: Services,
        renewal: Renewal,
        now: Now,
        longest: timedelta,
        idle: timedelta,
        counter: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._cookies, self._services, self._renewal = store, cookies, services, renewal
        self._now, self._counter, self._longest, self._idle = now, counter, longest, idle
        self._confirmed: dict[str, tuple[float, bytes, Person]] = {}
        self._being_asked = BeingAsked()
        self._under_way: set[asyncio.Future[Person | None]] = set()
        """About which sessions: a page and its parts come at once, and one question is enough."""

    async def begin(self, credential: Credential, caller: Caller, device: str) -> tuple[str, Person]:
        """A new session, as the cookie's token. Raises 401 for what workflow does not take, 403 for a program's key,
        503 without workflow."""
        key = credential.key
        said = await self._services.get("workflow", "/v1/whoami", Caller(key, caller.origin, caller.trace))
        session_key, form_token, now = new_token(), new_form_token(), self._now()
        person = Person.of(new_token(), form_token, credential, said)
        stored = Stored(
            id=person.session,
            principal=person.principal,
            role=person.role,
            party=person.party,
            form_token=form_token,
            sealed=sealed(session_key, credential.text()),
            began_at=now,
            seen_at=now,
            ends_at=now + min(self._idle, self._longest),
            device=device[:120],
        )
        await self._store.insert(stored)
        await self._cookies.end_of(await self._store.end_beyond(person.principal, MOST))
        return await self._cookie(stored, session_key), person

    async def _cookie(self, stored: Stored, session_key: str, follows: str | None = None) -> str:
        token = new_token()
        turns_at, ends_at = self._now() + TURNS_EVERY, stored.began_at + self._longest
        wrapped = sealed(token, session_key)
        await self._cookies.insert(Cookie(id_of(token), stored.id, wrapped, turns_at, ends_at, follows))
        return token

    async def find(self, token: str, caller: Caller, *, alone: bool = False) -> Found | None:
        """Whose session it is, None when it has ended. Raises 503 when workflow cannot be asked; `alone`: not before
        its last word is too old."""
        now = self._now()
        cookie, stored = await self._cookies.opens(id_of(token), now)
        if cookie is None or stored is None:
            if cookie is not None:
                self._confirmed.pop(cookie.session, None)
            return None
        try:
            session_key = opened(token, cookie.wrapped)
        except InvalidTag:  # somebody wrote into the database
            return None
        if cookie.follows:
            await self._cookies.settle(cookie.id, cookie.follows, now + EARLIER_GOOD_FOR)
        if now - stored.seen_at >= SEEN_EVERY:
            await self._store.seen(stored.id, now, min(now + self._idle, stored.began_at + self._longest))
        asks = self._person(stored, session_key, caller)
        person = await (self._patiently(stored, asks) if alone else asks)
        if person is None:
            return None
        return Found(person, session_key, await self._turned(cookie, stored, session_key))

    async def _turned(self, cookie: Cookie, stored: Stored, session_key: str) -> str | None:
        """The cookie that is to take this one's place, if it is time."""
        now = self._now()
        if now < cookie.turns_at:
            return None
        if not await self._cookies.claim_turn(cookie.id, cookie.turns_at, now + EARLIER_GOOD_FOR):
            return None
        return await self._cookie(stored, session_key, follows=cookie.id)

    async def _person(self, stored: Stored, session_key: str, caller: Caller) -> Person | None:
        known = self._known(stored)
        if known is None:
            await self._being_asked.over(stored.id)
            known = self._known(stored)
        if known is not None:
            return known
        with self._being_asked.asking(stored.id):
            return await self._confirm(stored, session_key, caller)

    async def _patiently(self, stored: Stored, asks: Coroutine[None, None, Person | None]) -> Person | None:
        """What workflow says, or has said last: whoever asked goes on to, and the next one finds what came of it."""
        at, _, before = self._confirmed.get(stored.id, (0.0, b"", None))
        if before is None or self._counter() - at > STANDS_FOR:
            return await asks
        asking = asyncio.ensure_future(asks)
        self._under_way.add(asking)
        asking.add_done_callback(self._over)
        await asyncio.wait([asking], timeout=PATIENT_FOR)
        if not asking.done() or _is_away(asking):
            return before
        return asking.result()

    def _over(self, asking: "asyncio.Future[Person | None]") -> None:
        self._under_way.discard(asking)
        if not asking.cancelled():
            asking.exception()  # of who was not waited for it is nobody's to tell

    def _known(self, stored: Stored) -> Person | None:
        """What workflow has said just now."""
        at, of, person = self._confirmed.get(stored.id, (0.0, b"", None))
        if person is None or of != stored.sealed or self._renewal.is_due(person.credential):
            return None
        return person if self._counter() - at < CONFIRMED_FOR else None

    async def _confirm(self, stored: Stored, session_key: str, caller: Caller) -> Person | None:
        try:
            kept, credential = await self._renewal.fresh(stored, session_key)
            asks = Caller(credential.key, caller.origin, caller.trace)
            said = await self._services.get("workflow", "/v1/whoami", asks)
            ended = said["id"] != stored.principal
        except (InvalidTag, Problem) as error:
            if isinstance(error, Problem) and error.status != 401:
                raise
            ended = True
        if ended:
            await self.end(stored.principal, stored.id)
            return None
        person = Person.of(stored.id, stored.form_token, credential, said)
        if len(self._confirmed) >= REMEMBERED:
            self._confirmed.clear()
        self._confirmed[stored.id] = self._counter(), kept, person
        return person

    async def of(self, principal: str) -> Sequence[Stored]:
        return await self._store.of(principal, self._now())

    async def end(self, principal: str, id: str) -> bool:
        self._confirmed.pop(id, None)
        ended = await self._store.end(principal, id)
        if ended:
            await self._cookies.end_of([id])
        return ended

    async def end_others(self, person: Person) -> None:
        self._confirmed.clear()
        await self._cookies.end_of(await self._store.end_others(person.principal, person.session))


def _is_away(asking: "asyncio.Future[Person | None]") -> bool:
    error = asking.exception()
    return isinstance(error, Problem) and error.status == 503
