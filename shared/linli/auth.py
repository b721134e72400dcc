"""Who is asking, and whether the route is theirs. The table of who may do what is in `linli.principals`."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from linli.contracts.key import KeyPublished
from linli.errors import Problem, Refused
from linli.keys import id_in, principal_by
from linli.principals import RESIDENT, Permission, Principal, Role
from linli.settings import Settings

FindKey: TypeAlias = Callable[[str], Awaitable[KeyPublished | None]]
"""What is known of an API key, by its id."""


class Keys:
    """The keys that open a service's routes: the operator's and the services' from files, and API keys."""

    def __init__(self, operator: str, service: str, find: FindKey) -> None:
        self._files = [(Principal(role, role), _digest(key)) for role, key in _by_role(operator, service)]
        self._find = find

    @classmethod
    def from_files(cls, settings: Settings, find: FindKey) -> "Keys":
        """Read `operator.key` and `service.key`. Raises `SettingsError`."""
        return cls(settings.secret("operator.key"), settings.secret("service.key"), find)

    async def principal(self, key: str) -> Principal | str:
        """Whose key it is, or why it is nobody's; each is compared in constant time."""
        digest = _digest(key)
        matches = [principal for principal, known in self._files if hmac.compare_digest(digest, known)]
        if matches:
            return matches[0]
        id = id_in(key)
        return principal_by(key, await self._find(id), datetime.now(UTC)) if id else "unknown key"


def _by_role(operator: str, service: str) -> list[tuple[Role, str]]:
    return [(Role.OPERATOR, operator), (Role.SERVICE, service)]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


# The dependencies are `async` though nothing in them waits: FastAPI runs a plain function in a thread, which takes
# longer than all the rest of the route's own work.
_bearer = HTTPBearer(auto_error=False, description="The operator key (`.linli/secrets/operator.key`), or an API key")


async def _principal(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    if given is None and "authorization" in request.headers:
        raise Refused(_unauthorised("The Authorization header is not 'Bearer <key>'."), "no bearer")
    who: Principal | str = RESIDENT
    if given is not None:
        keys: Keys = request.app.state.keys
        who = await keys.principal(given.credentials)
    if isinstance(who, str):
        raise Refused(_unauthorised("The key is not known here, or not any more."), who)
    request.state.principal = who
    return who


Who = Annotated[Principal, Depends(_principal)]
"""The principal; a wrong key is refused even where none is needed."""


class _Needs:
    """Lets through who may do this."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, who: Who) -> None:
        require(who, self.permission)


def needs(permission: Permission) -> Any:
    """What a route declares: `dependencies=[needs(Permission.…)]`. 401 for who has no key, 403 for another's."""
    return Depends(_Needs(permission))


async def _nobody_is_asked() -> None: ...


OPEN = Depends(_nobody_is_asked)
"""What a route declares that is answered without looking who asks, such as `/healthz`."""


def permission_of(route: APIRoute) -> Permission | None:
    """What a route declares, None for `OPEN`. Raises LookupError for one that declares nothing, or two things."""
    calls = [dependency.call for dependency in route.dependant.dependencies]
    declared = [call.permission for call in calls if isinstance(call, _Needs)]
    if len(declared) + calls.count(_nobody_is_asked) != 1:
        raise LookupError(f"{route.path} must declare what it needs, once: needs(…) or OPEN")
    return declared[0] if declared else None


def require(who: Principal, permission: Permission) -> None:
    """Raises 401 for who has no key, 403 for who has another's."""
    if who.may(permission):
        return
    if who.role is Role.RESIDENT:
        raise _unauthorised("This needs a key: Authorization: Bearer <key>.")
    raise forbidden(f"A key with role {who.role} and its scopes does not allow {permission}.", f"no {permission}")


def forbidden(detail: str, reason: str) -> Refused:
    """Somebody who is known may not do this."""
    return Refused(Problem("forbidden", 403, detail), reason)


def _unauthorised(detail: str) -> Problem:
    return Problem("unauthorised", 401, detail, headers={"WWW-Authenticate": 'Bearer realm="linli"'})
