"""Whether an ID token is the issuer's, for this portal, and of the sign-in that was begun (OpenID Connect Core 1.0,
section 3.1.3.7)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from linli.security.issuer import Issuer
from linli.storage.clock import Now
from portal.signin.renewal import Refused

_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class IdTokens:
    """Reads those of one issuer for one client."""

    def __init__(self, issuer: Issuer, client: str, algorithms: Sequence[str], leeway: int, now: Now) -> None:
        self._issuer, self._client, self._algorithms = issuer, client, algorithms
        self._leeway, self._now = leeway, now

    async def check(self, token: str, nonce: str, access_token: str) -> None:
        """Raises `Refused`, which says why, and 503 when the issuer's keys cannot be looked up."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self._algorithms or not isinstance(kid, str):
                raise Refused("algorithm or key id")
            key = await self._issuer.key(kid)
            if key is None:
                raise Refused("unknown key")
            claims = jwt.decode(token, key, algorithms=list(self._algorithms)).claims
            self._registry(nonce).validate(claims)
        except (JoseError, ValueError, TypeError, AttributeError) as error:
            raise Refused(type(error).__name__) from error
        many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if many else self._client) != self._client:
            raise Refused("made for another client")
        said = claims.get("at_hash")
        if said is not None and not (isinstance(said, str) and _is_hash_of(said, access_token, str(algorithm))):
            raise Refused("another access token's")

    def _registry(self, nonce: str) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            lambda: int(self._now().timestamp()),
            leeway=self._leeway,
            iss={"essential": True, "value": self._issuer.url},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )


def _is_hash_of(said: str, access_token: str, algorithm: str) -> bool:
    """`at_hash`: the left half, by the algorithm's own hash."""
    make = _HASHES.get(algorithm[-3:], hashlib.sha512)  # Ed25519 has SHA-512
    digest = make(access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    return hmac.compare_digest(half, said)
