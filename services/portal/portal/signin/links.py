"""Links that sign somebody in once: made with a key, good for ten minutes, opened by one press of a button.

For who has a terminal and a key and wants the pages, and for the sample community's roles. The code in the link seals
the key, as a cookie does a session's, so the database opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.storage.clock import Now
from portal.services import Caller, Services
from portal.signin.credential import Credential
from portal.signin.link_store import Link, LinkStore
from portal.signin.sealing import id_of, new_token, opened, sealed
from portal.signin.sessions import Sessions

GOOD_FOR = timedelta(minutes=10)
MOST = 20
"""Links of one person that were not used; a new one ends the oldest."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link's code, shown this once."""

    code: str
    ends_at: datetime


class SignInLinks:
    """Makes, shows and opens them."""

    def __init__(self, store: LinkStore, sessions: Sessions, services: Services, now: Now) -> None:
        self._store, self._sessions, self._services, self._now = store, sessions, services, now

    async def make(self, caller: Caller) -> MadeLink:
        """A link for the key that `caller` asks with. Raises 401 and 403 as a sign-in with it would, 503 without
        workflow."""
        assert caller.key is not None
        said = await self._services.get("workflow", "/v1/whoami", caller)
        code, ends_at = new_token(), self._now() + GOOD_FOR
        content = sealed(code, caller.key)
        await self._store.insert(Link(id_of(code), content, said["id"], said["role"], said["party"], ends_at))
        await self._store.end_beyond(said["id"], MOST)
        return MadeLink(code, ends_at)

    async def look(self, code: str) -> Link | None:
        """Whom a link signs in, None when it is used or over."""
        return await self._store.find(id_of(code), self._now())

    async def open(self, code: str, caller: Caller, device: str) -> str | None:
        """A session's token, once; None when the link is used or over. Raises 401 when its key is no longer taken,
        503 without workflow, after which it still opens."""
        link = await self.look(code)
        if link is None:
            return None
        token, person = await self._sessions.begin(Credential(opened(code, link.sealed)), caller, device)
        if await self._store.spend(link.id):
            return token
        await self._sessions.end(person.principal, person.session)  # another press was a moment earlier
        return None
