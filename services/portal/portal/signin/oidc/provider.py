"""The office's identity provider, as a client of it asks: where people sign in, and tokens for codes and refresh tokens
(OpenID Connect Core 1.0; PKCE: RFC 7636)."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx2
import structlog

from linli.application.settings import SettingsError, read_secret
from linli.security.issuer import Issuer, is_safe
from linli.storage.clock import Now
from linli.web.calls import trusted
from portal.services import unavailable
from portal.settings import PortalSettings
from portal.signin.credential import Credential
from portal.signin.key import MOST_LETTERS, is_like_a_key
from portal.signin.oidc.id_token import IdTokens
from portal.signin.renewal import Refused

log = structlog.get_logger()

SECONDS = 10.0
"""For one answer of the issuer."""
MOST_BYTES = 200_000
EARLY = timedelta(seconds=60)
"""Tokens are renewed so long before they end; short ones when a third of their time is left."""
UNSAID = 300
"""Seconds that a token is taken to last whose issuer does not say it."""
CALLBACK = "/sign-in/oidc/callback"


@dataclass(frozen=True, slots=True)
class Client:
    """What the issuer knows the portal by."""

    id: str
    secret: str | None = field(default=None, repr=False)
    """None: it is a public client, and PKCE alone shows that who began a sign-in ends it."""
    scopes: str = "openid"


class Provider:
    """One issuer, for one client. Whoever gets it closes it."""

    def __init__(
        self, issuer: Issuer, http: httpx2.AsyncClient, client: Client, ids: IdTokens, people_url: str, now: Now
    ) -> None:
        self._issuer, self._http, self._client, self._ids, self._now = issuer, http, client, ids, now
        self._home = people_url

    @classmethod
    def from_settings(cls, settings: PortalSettings, now: Now) -> "Provider | None":
        """None unless an issuer and a client are set. Raises `SettingsError`."""
        if not settings.oidc_client_id:
            return None
        if not settings.oidc_issuer:
            raise SettingsError("LINLI_OIDC_CLIENT_ID needs LINLI_OIDC_ISSUER: where people sign in")
        if not is_safe(settings.oidc_issuer):
            raise SettingsError("LINLI_OIDC_ISSUER must begin with https://, except on this machine")
        secret = read_secret(settings.oidc_client_secret_file) if settings.oidc_client_secret_file else None
        scopes = " ".join(dict.fromkeys(["openid", *settings.oidc_scopes]))
        http = httpx2.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False, verify=trusted())
        issuer = Issuer(settings.oidc_issuer, settings.oidc_refetch, settings.oidc_keys_kept, http)
        client = Client(settings.oidc_client_id, secret, scopes)
        ids = IdTokens(issuer, client.id, settings.oidc_algorithms, settings.oidc_leeway, now)
        return cls(issuer, http, client, ids, settings.people_url, now)

    @property
    def url(self) -> str:
        return self._issuer.url

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the person goes to sign in. Raises 503 while the issuer is away."""
        return _with_query(
            await self._place("authorization_endpoint"),
            response_type="code",
            client_id=self._client.id,
            redirect_uri=self._home + CALLBACK,
            scope=self._client.scopes,
            state=state,
            nonce=nonce,
            code_challenge=challenge_of(verifier),
            code_challenge_method="S256",
        )

    async def exchange(self, code: str, verifier: str, nonce: str) -> Credential:
        """The tokens for a code. Raises `Refused`, 503 while the issuer is away."""
        said = await self._tokens(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._home + CALLBACK,
            code_verifier=verifier,
        )
        credential = self._credential(said, None)
        if credential.id_token is None:
            raise Refused("no ID token")
        await self._ids.check(credential.id_token, nonce, credential.key)
        return credential

    async def renew(self, credential: Credential) -> Credential:
        """The next tokens. Raises `Refused`, 503 while the issuer is away."""
        said = await self._tokens(grant_type="refresh_token", refresh_token=credential.refresh or "")
        return self._credential(said, credential)

    async def farewell(self, credential: Credential) -> str | None:
        """Where the person is signed out at the issuer too, None where it does not offer that (RP-Initiated Logout)."""
        if credential.ends_at is None or not (await self._issuer.described()).get("end_session_endpoint"):
            return None
        known = {"id_token_hint": credential.id_token} if credential.id_token else {}
        place = await self._place("end_session_endpoint")
        return _with_query(place, client_id=self._client.id, post_logout_redirect_uri=f"{self._home}/", **known)

    async def close(self) -> None:
        await self._issuer.close()

    async def _place(self, name: str) -> str:
        place = (await self._issuer.described()).get(name)
        if not isinstance(place, str) or not is_safe(place):
            log.warning("issuer_without", endpoint=name)
            raise unavailable()
        return place

    async def _tokens(self, **form: str) -> Mapping[str, Any]:
        described = await self._issuer.described()
        ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        request: dict[str, Any] = {"data": form}
        if self._client.secret is None or "client_secret_basic" not in ways:
            secret = {} if self._client.secret is None else {"client_secret": self._client.secret}
            request["data"] = form | {"client_id": self._client.id} | secret
        else:
            known = f"{quote_plus(self._client.id)}:{quote_plus(self._client.secret)}"
            request["headers"] = {"Authorization": f"Basic {base64.b64encode(known.encode()).decode()}"}
        status, said = await self._ask(await self._place("token_endpoint"), **request)
        if status == 200:
            return said
        reason = str(said.get("error", status))[:40]
        log.warning("issuer_refused", grant=form["grant_type"], status=status, reason=reason)
        if status == 400 and reason == "invalid_grant":
            raise Refused(reason)
        raise unavailable()  # how it is set up, or the issuer's own trouble: no fault of the person's

    async def _ask(self, place: str, **request: Any) -> tuple[int, Mapping[str, Any]]:
        headers = {"Accept": "application/json"} | request.pop("headers", {})
        try:
            async with (
                asyncio.timeout(SECONDS),
                self._http.stream("POST", place, headers=headers, **request) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise ValueError("too long")
            said = httpx2.Response(200, content=body).json()
        except (httpx2.HTTPError, TimeoutError, ValueError) as error:
            log.warning("issuer_away", error=type(error).__name__)
            raise unavailable() from error
        return answer.status_code, said if isinstance(said, dict) else {}

    def _credential(self, said: Mapping[str, Any], before: Credential | None) -> Credential:
        access, refresh, id_token = (said.get(name) for name in ("access_token", "refresh_token", "id_token"))
        if not isinstance(access, str) or not is_like_a_key(access):
            raise Refused("no access token")
        lasts = said.get("expires_in")
        seconds = lasts if isinstance(lasts, int) and 0 < lasts < 10_000_000 else UNSAID
        now, long = self._now(), timedelta(seconds=seconds)
        if not isinstance(refresh, str) or not refresh:
            refresh = before.refresh if before else None
        if before is not None:
            id_token = before.id_token  # it was checked; one that comes with a refresh says nothing new
        elif not isinstance(id_token, str) or len(id_token) > MOST_LETTERS:
            id_token = None
        return Credential(access, refresh, id_token, now + long - min(EARLY, long / 3), now + long)


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _with_query(place: str, **query: str) -> str:
    return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"
