"""Authentication, and whether the caller may use the route. Permissions are declared in
`linli.security.permissions`."""

import hashlib
import hmac
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from linli.application.settings import Settings
from linli.contracts.workflow.key import KeyPublished
from linli.security.audit import Audit
from linli.security.confirming import Confirming
from linli.security.keys import id_in, principal_by
from linli.security.oidc import Tokens, is_token
from linli.security.permissions import Permission, Role
from linli.security.principals import ANYBODY, Principal
from linli.security.rates import Rates
from linli.storage import mongo
from linli.storage.clock import Now
from linli.web.localized import Localized
from linli.web.origin import Origins
from linli.web.problems import Guessed, Problem, Refused

FindKey: TypeAlias = Callable[[str], Awaitable[KeyPublished | None]]
"""What is known of an API key, by its id."""


class Keys:
    """What opens a service's routes: the operator's and the services' keys from files, API keys, an issuer's tokens."""

    def __init__(
        self,
        files: Mapping[Role, bytes],
        find: FindKey,
        now: Now,
        tokens: Tokens | None = None,
        confirming: Confirming | None = None,
    ) -> None:
        """`files`: role → SHA-256 of the key that opens it."""
        self._files = [(Principal(role, role), known) for role, known in files.items()]
        self._find, self._now, self._tokens, self._confirming = find, now, tokens, confirming

    @classmethod
    def from_files(cls, settings: Settings, find: FindKey, now: Now, workflow_url: str | None = None) -> "Keys":
        """Read `operator.key` and `service.key`. `workflow_url`: where `find` is but a copy. Raises `SettingsError`."""
        files = {role: settings.digest_of(f"{role}.key") for role in (Role.OPERATOR, Role.SERVICE)}
        confirming = Confirming(workflow_url, settings.secret("service.key")) if workflow_url else None
        return cls(files, find, now, Tokens.from_settings(settings, now), confirming)

    async def close(self) -> None:
        for each in (self._tokens, self._confirming):
            if each is not None:
                await each.close()

    async def confirmed(self, key: str, who: Principal) -> Principal | str:
        """Whose API key it is as workflow says it, or why it is nobody's. Raises 503 when workflow does not answer."""
        id = id_in(key)
        if self._confirming is None or id is None or who.id != f"key:{id}":
            return who
        return principal_by(key, await self._confirming.find(id), self._now())

    async def principal(self, key: str) -> Principal | str:
        """Whose key or token it is, or why it is nobody's; keys are compared in constant time.

        Raises 503 when the issuer must be asked and does not answer.
        """
        digest = _digest(key)
        matches = [principal for principal, known in self._files if hmac.compare_digest(digest, known)]
        if matches:
            return matches[0]
        if self._tokens is not None and is_token(key):
            return await self._tokens.principal(key)
        id = id_in(key)
        return principal_by(key, await self._find(id), self._now()) if id else "unknown key"


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


@dataclass(frozen=True, slots=True)
class Porch:
    """What stands before routes that nobody needs a key for: how often somebody asks, from where."""

    rates: Rates
    origins: Origins


@dataclass(frozen=True, slots=True)
class Gate(Porch):
    """What stands before every other route as well: who it is, and the log of it."""

    keys: Keys
    audit: Audit

    @classmethod
    def from_settings(
        cls, settings: Settings, database: mongo.Database, now: Now, find: FindKey, workflow_url: str | None = None
    ) -> "Gate":
        """`workflow_url`: who to ask about a key where `find` is but a copy. Raises `SettingsError`."""
        keys = Keys.from_files(settings, find, now, workflow_url)
        return cls(Rates.from_settings(settings), Origins.from_settings(settings), keys, Audit(database, now))

    async def close(self) -> None:
        await self.audit.close()
        await self.keys.close()


# The dependencies are `async` though nothing in them waits: FastAPI runs a plain function in a thread, which takes
# longer than all the rest of the route's own work.
_bearer = HTTPBearer(auto_error=False, description="A key, or a token of the issuer that is trusted")


NOT_ACCEPTED = (
    "The key or token is not accepted here. "
    "Whoever runs this system finds the reason in its audit log: linli audit --outcome refused"
)
"""The reason would tell a stranger how far a guess has come."""


async def _principal(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    if given is None and "authorization" in request.headers:
        raise Guessed(_unauthorised("The Authorization header is not 'Bearer <key>'."), "no bearer")
    who: Principal | str = ANYBODY
    if given is not None:
        gate: Gate = request.app.state.gate
        try:
            who = await gate.keys.principal(given.credentials)
        except Problem:  # the issuer is away; that must not make trying cheap
            await gate.rates.guessed(gate.origins.of(request))
            raise
    if isinstance(who, str):
        assert given is not None
        raise _not_accepted(who, given.credentials)
    request.state.principal, request.state.bearer = who, given.credentials if given else ""
    return who


def _not_accepted(why: str, key: str) -> Guessed:
    id = id_in(key)
    return Guessed(_unauthorised(NOT_ACCEPTED), why, *([id] if id else []))


Who = Annotated[Principal, Depends(_principal)]
"""The principal; a wrong key is refused even where none is needed."""


def origin_of(request: Request) -> str:
    """From where a request comes, as far as that is believed."""
    gate: Gate = request.app.state.gate
    return gate.origins.of(request)


def caller_of(request: Request) -> str:
    """Whose share a request takes: the principal's, or of who has no key the address's."""
    who: Principal = request.state.principal
    return origin_of(request) if who.role is Role.RESIDENT else who.id


PAGE = 50
"""Entries of a list that count as one request; a page of 500 counts as ten."""


def cost_of(limit: str) -> int:
    """As how many requests one counts that asks for a page of this length."""
    return min(10, max(1, math.ceil(int(limit) / PAGE))) if limit.isdecimal() and len(limit) < 6 else 1


async def counts_as(requests: int, request: Request, who: Principal, permission: Permission) -> None:
    """Count a request that is let through as so many: what it asks for is in its body. Raises 429."""
    if requests > 1:
        gate: Gate = request.app.state.gate
        await gate.rates.admit(who, permission, gate.origins.of(request), requests - 1)


class _Needs:
    """Lets through who may do this."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, who: Who, request: Request) -> None:
        gate: Gate = request.app.state.gate
        origin = gate.origins.of(request)
        cost = cost_of(request.query_params.get("limit", "")) if request.scope["query_string"] else 1
        await gate.rates.admit(who, self.permission, origin, cost)
        if self.permission.by_code or CODE_HEADER in request.headers:
            await gate.rates.may_guess(origin)
        require(who, self.permission)
        if self.permission.personal:
            confirmed = await gate.keys.confirmed(request.state.bearer, who)
            if isinstance(confirmed, str):
                raise _not_accepted(confirmed, request.state.bearer)
            require(confirmed, self.permission)


CODE_HEADER = "x-tracking-code"


def needs(permission: Permission) -> Any:
    """What a route declares: `dependencies=[needs(READ_CASES)]`. 401 for who has no key, 403 for another's.

    429 for who asks too often.
    """
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
        raise Refused(_unauthorised("This needs a key: Authorization: Bearer <key>."), "no key")
    english = "A key with role {role} and its scopes does not allow {permission}."
    detail = Localized(english, "角色为 {role} 的这个密钥没有权限 {permission}。", role=who.role, permission=permission)
    raise forbidden(detail, f"no {permission}")


def forbidden(detail: str, reason: str) -> Refused:
    """Somebody who is known may not do this."""
    return Refused(Problem("forbidden", 403, detail), reason)


def _unauthorised(detail: str) -> Problem:
    return Problem("unauthorised", 401, detail, headers={"WWW-Authenticate": 'Bearer realm="linli"'})
