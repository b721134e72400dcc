"""The public keys of an OpenID issuer: found by discovery, kept, asked for again when a token names one that is new."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from linli.web.problems import Problem

log = structlog.get_logger()

SECONDS = 5.0
"""For each of the two requests."""
TRY_AGAIN = 5.0
"""Seconds after which an issuer that did not answer is asked again."""
MOST_BYTES = 1_000_000
LEAST_RSA_BITS = 2_048
MOST_UNKNOWN = 1_000
"""Ids of keys that are remembered as not there; an attacker may name any number."""


class IssuerAway(Exception):
    """The issuer does not answer, or not as one should."""


class Issuer:
    """Keeps the keys of one issuer. While it is away, those that are known go on."""

    def __init__(
        self,
        url: str,
        refetch: float,
        kept: float,
        http: httpx2.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Asks at most every `refetch` seconds, and again when what it has is older than `kept`."""
        self._clock = clock
        self.url = url
        self._refetch, self._kept, self._http = refetch, kept, http
        self._described: Mapping[str, Any] = {}
        self._keys: Mapping[str, Key] = {}
        self._absent: set[str] = set()
        """Key ids that the issuer did not know when it was asked last."""
        self._asked = self._answered = float("-inf")
        self._asking = asyncio.Lock()
        self._again: asyncio.Task[None] | None = None

    async def key(self, id: str) -> Key | None:
        """A public key of the issuer; None when it has none of that id. Raises 503 when that cannot be known now."""
        found = self._keys.get(id)
        if found is not None:
            if self._clock() - self._answered > self._kept:
                self._ask_beside()
            return self._keys.get(id)
        if id in self._absent and self._clock() - self._answered < self._refetch:
            return None
        async with self._asking:
            if id in self._keys:
                return self._keys[id]
            wait = self._refetch - (self._clock() - self._asked)
            if wait > 0:
                raise _cannot_know(wait)
            if not await self._ask():
                raise _cannot_know(TRY_AGAIN)
        if id not in self._keys and len(self._absent) < MOST_UNKNOWN:
            self._absent.add(id)
        return self._keys.get(id)

    async def described(self) -> Mapping[str, Any]:
        """What the issuer says of itself (OpenID Connect Discovery 1.0). Raises 503 when that cannot be known now."""
        if not self._described:
            async with self._asking:
                if not self._described:
                    wait = self._refetch - (self._clock() - self._asked)
                    if wait > 0:
                        raise _cannot_know(wait)
                    if not await self._ask():
                        raise _cannot_know(TRY_AGAIN)
        elif self._clock() - self._answered > self._kept:
            self._ask_beside()
        return self._described

    def _ask_beside(self) -> None:
        """Ask while requests go on with what is known."""
        if (self._again is None or self._again.done()) and self._clock() - self._asked > self._refetch:
            self._again = asyncio.create_task(self._ask_alone())

    async def _ask_alone(self) -> None:
        async with self._asking:
            await self._ask()

    async def _ask(self) -> bool:
        self._asked = self._clock()
        try:
            found = await self._fetch()
        except IssuerAway as error:
            log.warning("issuer_away", error=str(error))
            self._asked -= max(0.0, self._refetch - TRY_AGAIN)
            return False
        self._absent = set(self._keys) - set(found)
        self._keys, self._answered = found, self._clock()
        return True

    async def _fetch(self) -> dict[str, Key]:
        described = await self._json(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        if described.get("issuer") != self.url:
            raise IssuerAway("it calls itself by another name than LINLI_OIDC_ISSUER")
        place = str(described.get("jwks_uri"))
        if not is_safe(place):
            raise IssuerAway("its keys are not at an https address")
        listed = (await self._json(place)).get("keys")
        if not isinstance(listed, list):
            raise IssuerAway("there is no list of keys")
        self._described = described
        return {str(each["kid"]): key for each in listed if (key := _usable(each)) is not None}

    async def _json(self, url: str) -> dict[str, Any]:
        try:
            async with asyncio.timeout(SECONDS), self._http.stream("GET", url) as answer:
                if answer.status_code != 200:
                    raise IssuerAway(f"it answered {answer.status_code}")
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise IssuerAway("its answer is too large")
            found = json.loads(body)
        except (httpx2.HTTPError, TimeoutError, ValueError) as error:
            raise IssuerAway(type(error).__name__) from error
        if not isinstance(found, dict):
            raise IssuerAway("its answer is no JSON object")
        return found

    async def close(self) -> None:
        if self._again is not None:
            self._again.cancel()
        await self._http.aclose()


def is_safe(url: str) -> bool:
    """HTTPS, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})


def _usable(described: Any) -> Key | None:
    """A public key to check signatures with; None for all that a key set may hold beside."""
    if not isinstance(described, dict) or not described.get("kid") or described.get("use", "sig") != "sig":
        return None
    if described.get("kty") not in {"RSA", "EC", "OKP"}:  # a shared secret is none
        return None
    try:
        key = JWKRegistry.import_key({name: value for name, value in described.items() if name in _PUBLIC})
    except (JoseError, ValueError, TypeError):
        return None
    if isinstance(key, RSAKey):
        return key if key.raw_value.key_size >= LEAST_RSA_BITS else None
    return key if isinstance(key, ECKey | OKPKey) else None


_PUBLIC = {"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"}


def _cannot_know(wait: float) -> Problem:
    return Problem(
        "issuer_unavailable",
        503,
        "Whether this token is good cannot be known now: its issuer has to be asked first.",
        retry_after=max(1, round(wait + 0.5)),
    )
