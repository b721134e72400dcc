"""Who is signed in: what the services say of the key or token that the session was opened with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from linli.web.tracing import traceparent
from portal.services import Caller
from portal.signin.credential import Credential
from portal.signin.csrf import masked

STATE, SESSION_KEY = "person", "session_key"


@dataclass(frozen=True, slots=True)
class Person:
    """One session, and what it may do. The services decide it anew at each call; here it says what is worth showing."""

    session: str
    """Its id, which opens nothing."""
    form_token: str
    principal: str
    role: str
    party: str | None
    community: str | None
    permissions: frozenset[str]
    credential: Credential

    @classmethod
    def of(cls, session: str, form_token: str, credential: Credential, said: Mapping[str, Any]) -> "Person":
        """`said` is what `GET /v1/whoami` answers."""
        permissions = frozenset(said["permissions"])
        whose = (said["id"], said["role"], said["party"], said["community"])
        return cls(session, form_token, *whose, permissions, credential)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def csrf(self) -> str:
        """For a form: another text each time, so that compressing a page tells nothing of it."""
        return masked(self.form_token)

    def caller(self, request: Request) -> Caller:
        """As the services are asked on behalf of this person."""
        return Caller(self.credential.key, _origin(request), traceparent(request.headers))


def person_of(request: Request) -> Person | None:
    """Who is signed in, as far as `PageRoute` has found out."""
    found: Person | None = getattr(request.state, STATE, None)
    return found


def session_key_of(request: Request) -> str | None:
    """What the session seals its own things with, if somebody is signed in."""
    found: str | None = getattr(request.state, SESSION_KEY, None)
    return found


def forget(request: Request) -> None:
    """Nobody is signed in any more, for what is still to be shown."""
    setattr(request.state, STATE, None)


def resident_of(request: Request) -> Caller:
    """As the services are asked for who has no account."""
    return Caller(None, _origin(request), traceparent(request.headers))


def _origin(request: Request) -> str:
    origin: str = request.app.state.gate.origins.of(request)
    return origin
