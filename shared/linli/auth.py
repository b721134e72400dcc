"""Who is asking. Until roles come: one operator key and one service key, made at the first start."""

import hashlib
import hmac
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from linli.errors import Problem
from linli.settings import Settings


class Principal(StrEnum):
    """Who is asking."""

    RESIDENT = "resident"
    """Anybody: no key was given."""
    OPERATOR = "operator"
    SERVICE = "service"


class Keys:
    """The keys that open a service's routes."""

    def __init__(self, operator: str, service: str) -> None:
        self._known = [(Principal.OPERATOR, _digest(operator)), (Principal.SERVICE, _digest(service))]

    @classmethod
    def from_files(cls, settings: Settings) -> "Keys":
        """Read `operator.key` and `service.key`. Raises `SettingsError`."""
        return cls(settings.secret("operator.key"), settings.secret("service.key"))

    def principal(self, key: str) -> Principal | None:
        """Whose key it is, None when it is nobody's; every key is compared in constant time."""
        digest = _digest(key)
        matches = [principal for principal, known in self._known if hmac.compare_digest(digest, known)]
        return matches[0] if matches else None


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


# The dependencies are `async` though nothing in them waits: FastAPI runs a plain function in a thread, which takes
# longer than all the rest of the route's own work.
_bearer = HTTPBearer(auto_error=False, description="The operator key (`.linli/secrets/operator.key`)")


async def _principal(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    if given is None:
        if "authorization" in request.headers:
            raise _unauthorised("The Authorization header is not 'Bearer <key>'.")
        return Principal.RESIDENT
    keys: Keys = request.app.state.keys
    principal = keys.principal(given.credentials)
    if principal is None:
        raise _unauthorised("The key is not known here.")
    return principal


Who = Annotated[Principal, Depends(_principal)]
"""The principal; a wrong key is refused even where none is needed."""


async def _operator(who: Who) -> Principal:
    return require(who, Principal.OPERATOR)


async def _service(who: Who) -> Principal:
    return require(who, Principal.SERVICE)


Operator = Annotated[Principal, Depends(_operator)]
Service = Annotated[Principal, Depends(_service)]


def require(who: Principal, wanted: Principal) -> Principal:
    """Raises 401 for who has no key, 403 for who has another's."""
    if who is wanted:
        return who
    if who is Principal.RESIDENT:
        raise _unauthorised(f"This needs the {wanted} key: Authorization: Bearer <key>.")
    raise Problem("forbidden", 403, f"This needs the {wanted} key.")


def _unauthorised(detail: str) -> Problem:
    return Problem("unauthorised", 401, detail, headers={"WWW-Authenticate": 'Bearer realm="linli"'})
