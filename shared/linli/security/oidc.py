"""OpenID Connect: whose bearer token it is. Only signatures by the issuer's own public keys count (docs/adr/0016)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jwt import JWTClaimsRegistry

from linli.application.settings import Settings, SettingsError
from linli.security.issuer import Issuer, is_safe
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage.clock import Now
from linli.web.calls import trusted

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""Those with a public key. `none` needs no key; a secret shared with an issuer would be one of ours to keep."""
TYPES: frozenset[str | None] = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})
"""A logout token is signed by the same keys and opens nothing."""
MOST_LETTERS, MOST_KEY_ID = 8_192, 200
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Which claims say what a person may do here."""

    role: str = "linli_role"
    party: str = "linli_party"
    community: str = "linli_community"


def is_token(bearer: str) -> bool:
    """Whether a bearer looks like a signed token, and so not like one of our keys."""
    return bearer.count(".") == 2 and bearer.startswith("eyJ")


class Tokens:
    """Reads the tokens of one issuer for one audience."""

    def __init__(
        self,
        issuer: Issuer,
        audience: str,
        names: ClaimNames,
        algorithms: tuple[str, ...],
        leeway: int,
        longest: int,
        now: Now,
    ) -> None:
        self._longest = longest
        self._issuer, self._names, self._algorithms = issuer, names, algorithms
        self._claims = JWTClaimsRegistry(
            lambda: int(now().timestamp()),
            leeway=leeway,
            iss={"essential": True, "value": issuer.url},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    @classmethod
    def from_settings(cls, settings: Settings, now: Now) -> "Tokens | None":
        """None unless an issuer is set. Raises `SettingsError`."""
        if not settings.oidc_issuer:
            return None
        if not settings.oidc_audience:
            raise SettingsError("LINLI_OIDC_ISSUER needs LINLI_OIDC_AUDIENCE: whom its tokens must be for")
        if not is_safe(settings.oidc_issuer):
            raise SettingsError("LINLI_OIDC_ISSUER must begin with https://, except on this machine")
        if not settings.oidc_algorithms or set(settings.oidc_algorithms) - ALGORITHMS:
            raise SettingsError(f"LINLI_OIDC_ALGORITHMS may name these alone: {', '.join(sorted(ALGORITHMS))}")
        # Those may be SSL_CERT_FILE's: an office's provider often has a certificate of its own.
        http = httpx2.AsyncClient(timeout=5, follow_redirects=False, trust_env=False, verify=trusted())
        issuer = Issuer(settings.oidc_issuer, settings.oidc_refetch, settings.oidc_keys_kept, http)
        names = ClaimNames(settings.oidc_role_claim, settings.oidc_party_claim, settings.oidc_community_claim)
        return cls(
            issuer,
            settings.oidc_audience,
            names,
            settings.oidc_algorithms,
            settings.oidc_leeway,
            settings.oidc_longest,
            now,
        )

    async def principal(self, token: str) -> Principal | str:
        """Whose token it is, or why it opens nothing. Raises 503 when its key cannot be looked up now."""
        try:
            key = await self._issuer.key(self._key_id(token))
            if key is None:
                raise _NoGood("unknown key")
            claims = jwt.decode(token, key, algorithms=self._algorithms).claims
            self._claims.validate(claims)
            if claims["exp"] - claims["iat"] > self._longest:
                raise _NoGood("lives too long")
            return self._who(claims)
        except _NoGood as why:
            return f"token: {why}"
        except ClaimError as error:
            return f"token: {_CLAIM_FAULTS.get(type(error), 'wrong')} {error.claim}"[:80]
        except (JoseError, ValueError, TypeError):
            return "token: signature"

    def _key_id(self, token: str) -> str:
        """Which key a token says that it is signed with, if it is a token that can be looked at at all."""
        header = _header(token)
        if header.get("alg") not in self._algorithms:
            raise _NoGood("algorithm")
        if not _is_for_access(header):
            raise _NoGood("type")
        kid = header.get("kid")
        if not isinstance(kid, str) or not 0 < len(kid) <= MOST_KEY_ID:
            raise _NoGood("no key id")
        return kid

    def _who(self, claims: Mapping[str, Any]) -> Principal:
        names = (self._names.role, self._names.party, self._names.community)
        role, party, community = (claims.get(name) for name in names)
        if not isinstance(role, str) or role not in _ROLES:
            raise _NoGood("unknown role")
        id = "oidc:" + hashlib.sha256(f"{self._issuer.url}\0{claims['sub']}".encode()).hexdigest()[:32]
        if role != Role.PARTY:
            return Principal(id, Role(role))
        if not all(isinstance(each, str) and _SLUG.fullmatch(each) for each in (party, community)):
            raise _NoGood("no party")
        return Principal(id, Role.PARTY, party, community)

    async def close(self) -> None:
        await self._issuer.close()


_ROLES = frozenset(role.value for role in Role if role is not Role.RESIDENT)


_CLAIM_FAULTS = {ExpiredTokenError: "past", MissingClaimError: "no"}


class _NoGood(Exception):
    """Why a token opens nothing."""


def _header(token: str) -> Mapping[str, Any]:
    """What a token says of itself, before anything of it is believed."""
    first = token.partition(".")[0]
    try:
        header = orjson.loads(base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        header = None
    if len(token) > MOST_LETTERS or not isinstance(header, dict):
        raise _NoGood("unreadable")
    return header


def _is_for_access(header: Mapping[str, Any]) -> bool:
    kind = header.get("typ")
    return (kind.lower() if isinstance(kind, str) else kind) in TYPES
