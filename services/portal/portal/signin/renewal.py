"""An issuer's tokens are renewed before they end, by one process for each session: an issuer that sees a refresh token
twice takes it for stolen (RFC 9700, section 4.14)."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from linli.storage import mongo
from linli.storage.clock import Now
from linli.web.problems import Problem
from portal.services import unavailable
from portal.signin.credential import Credential
from portal.signin.sealing import opened, sealed
from portal.signin.store import SessionStore, Stored

log = structlog.get_logger()

ASKING_FOR = timedelta(seconds=20)
"""Longer than the issuer is waited for; a process that died meanwhile keeps nobody waiting longer."""
LOOK_EVERY = 0.2


class Refused(Exception):
    """The issuer gives nothing for what it was shown."""


class Renews(Protocol):
    """An issuer."""

    async def renew(self, credential: Credential) -> Credential:
        """Raises `Refused`, or 503 while the issuer is away."""
        ...


class Renewal:
    """Keeps what a session holds good."""

    def __init__(self, store: SessionStore, issuer: Renews | None, now: Now) -> None:
        self._store, self._issuer, self._now = store, issuer, now

    def is_due(self, credential: Credential) -> bool:
        return credential.renew_at is not None and self._now() >= credential.renew_at

    async def fresh(self, stored: Stored, session_key: str) -> tuple[bytes, Credential]:
        """A credential that is good now, as it is kept and in clear. Raises 401 when there is none any more, 503 while
        that cannot be said."""
        credential = Credential.read(opened(session_key, stored.sealed))
        if not self.is_due(credential):
            return stored.sealed, credential
        if self._issuer is None or credential.refresh is None:
            return stored.sealed, self._not_over(credential, _ended())
        now = self._now()
        if not await self._store.claim_renewal(stored, now, now + ASKING_FOR):
            return await self._of_another(stored, session_key, credential)
        try:
            renewed = await self._issuer.renew(credential)
        except Refused:
            raise _ended() from None
        except Problem as away:  # asked again when the claim is over; until it ends the old one goes on
            return stored.sealed, self._not_over(credential, away)
        kept = sealed(session_key, renewed.text())
        await self._keep(stored.id, kept, now + ASKING_FOR)
        return kept, renewed

    async def _keep(self, id: str, kept: bytes, until: datetime) -> None:
        """What the database does not take at once is tried again for as long as nobody else asks: what it has, the
        issuer has seen, and would take for stolen."""
        while True:
            try:
                return await self._store.renewed(id, kept)
            except Exception as error:
                if not mongo.is_outage(error) or self._now() >= until:
                    raise
                log.warning("renewal_not_kept_yet", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    def _not_over(self, credential: Credential, otherwise: Problem) -> Credential:
        if credential.ends_at is not None and self._now() < credential.ends_at:
            return credential
        raise otherwise

    async def _of_another(self, stored: Stored, session_key: str, old: Credential) -> tuple[bytes, Credential]:
        """What another process is getting: the old one serves until then, if it is good."""
        until = self._now() + ASKING_FOR
        while self._now() < until:
            found = await self._store.find(stored.id, self._now())
            if found is None:
                raise _ended()
            if found.sealed != stored.sealed:
                return found.sealed, Credential.read(opened(session_key, found.sealed))
            if old.ends_at is not None and self._now() < old.ends_at:
                return stored.sealed, old
            await asyncio.sleep(LOOK_EVERY)
        raise unavailable()


def _ended() -> Problem:
    return Problem("unauthorised", 401, "The tokens of this session are over.")
