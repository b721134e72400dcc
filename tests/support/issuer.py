"""An OpenID issuer as a process of its own: discovery, keys, sign-in, tokens, rotation. `python -m … PORT`.

Whoever comes to sign in is the person that the test has named, and is sent back at once; how the issuer then
behaves, well or not, the test says too (`Manner`).
"""

import base64
import hashlib
import json
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import Popen
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from tests.support.servers import free_ports

AUDIENCE = "linli"
PUBLIC, CONFIDENTIAL, SECRET = "linli-portal", "linli-portal-with-secret", "s3cret:/&"
"""Clients."""
MAKES = {"RS256": lambda: RSAKey.generate_key(2048), "ES256": lambda: ECKey.generate_key("P-256")}


@dataclass
class Manner:
    """How the issuer behaves to who signs in."""

    person: dict[str, Any] = field(default_factory=dict)
    """Claims of the access token."""
    id_claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token, in place of those that are right."""
    seconds: int = 300
    """How long an access token lasts."""
    error: str = ""
    """What it says in place of a code."""
    refuses_refresh: bool = False
    says_goodbye: bool = True


@dataclass
class Flow:
    """One sign-in, from its code on."""

    asked: dict[str, str]
    manner: Manner
    code_used: bool = False
    refresh: str = ""
    ended: bool = False
    renewed: int = 0


class Realm:
    """The keys, newest last, and what is signed with them."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys: list[tuple[str, str, Key]] = []
        self.manner = Manner()
        self.flows: list[Flow] = []
        self.rotate("RS256", keep=True)

    def rotate(self, algorithm: str, *, keep: bool) -> None:
        """A new key signs from now on; with `keep` the ones before are still in the key set."""
        new = (uuid4().hex, algorithm, make_key(algorithm))
        self.keys = [*(self.keys if keep else ()), new]

    def jwks(self) -> dict[str, Any]:
        return {"keys": [public(kid, alg, key) for kid, alg, key in self.keys]}

    def described(self) -> dict[str, Any]:
        described = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_endpoint": f"{self.issuer}/authorize?realm=office",
            "token_endpoint": f"{self.issuer}/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        farewell = {"end_session_endpoint": f"{self.issuer}/logout"} if self.manner.says_goodbye else {}
        return described | farewell

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person is sent, who has signed in or was refused."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        back = {"state": asked["state"], "iss": self.issuer}
        if self.manner.error:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': self.manner.error})}"
        self.flows.append(Flow(asked | {"code": uuid4().hex}, replace(self.manner)))
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': self.flows[-1].asked['code']})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint, for a code or a refresh token. One that is shown twice ends the sign-in."""
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode() if authorization else ""
        client = shown.partition(":")[0] or form.get("client_id", "")
        if client == CONFIDENTIAL and shown != f"{CONFIDENTIAL}:{urlencode({'': SECRET})[1:]}":
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            flow = next((each for each in self.flows if each.asked["code"] == form["code"]), None)
            good = flow is not None and (flow.asked["client_id"], flow.asked["redirect_uri"]) == (
                client,
                form["redirect_uri"],
            )
            good = good and flow is not None and flow.asked["code_challenge"] == challenge(form["code_verifier"])
            if flow is None or not good or flow.code_used:
                return self._ended(flow)
            flow.code_used = True
            return 200, self._given(flow, first=True)
        flow = next((each for each in self.flows if form["refresh_token"].startswith(each.asked["code"])), None)
        if flow is None or flow.ended or flow.refresh != form["refresh_token"] or self.manner.refuses_refresh:
            return self._ended(flow)
        flow.renewed += 1
        return 200, self._given(flow, first=False)

    def _ended(self, flow: Flow | None) -> tuple[int, dict[str, Any]]:
        if flow is not None:
            flow.ended = True
        return 400, {"error": "invalid_grant"}

    def _given(self, flow: Flow, *, first: bool) -> dict[str, Any]:
        now = int(time.time())
        lasting = {"iat": now, "exp": now + self.manner.seconds}
        access = self.token(**flow.manner.person, **lasting, jti=uuid4().hex)
        flow.refresh = f"{flow.asked['code']}.{flow.renewed}"
        said = {"access_token": access, "token_type": "Bearer", "expires_in": self.manner.seconds}
        if first:
            right = {"aud": flow.asked["client_id"], "nonce": flow.asked["nonce"]}
            said["id_token"] = self.token(**(right | flow.manner.id_claims))
        return said | {"refresh_token": flow.refresh}

    def token(self, **claims: Any) -> str:
        """Signed by the newest key; a claim that is None is left out."""
        kid, algorithm, key = self.keys[-1]
        return signed(claims_of(self.issuer, **claims), key, algorithm, kid)


def challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_key(algorithm: str) -> Key:
    """A private key for an algorithm."""
    if algorithm in {"EdDSA", "Ed25519"}:
        return OKPKey.generate_key("Ed25519")
    return MAKES[algorithm]()


def public(kid: str, algorithm: str, key: Key) -> dict[str, Any]:
    """A key as a key set shows it."""
    return {**key.as_dict(private=False), "kid": kid, "alg": algorithm, "use": "sig"}


def claims_of(issuer: str, **claims: Any) -> dict[str, Any]:
    """What a token says, but for what is given otherwise. It lasts for longer than any test does on a slow machine."""
    now = int(time.time())
    usual = {"iss": issuer, "aud": AUDIENCE, "sub": "wang", "iat": now, "exp": now + 1800}
    return {name: value for name, value in (usual | claims).items() if value is not None}


def signed(claims: dict[str, Any], key: Key, algorithm: str, kid: str | None, **header: Any) -> str:
    """A token."""
    head = {"alg": algorithm} | ({"kid": kid} if kid else {}) | header
    return jwt.encode(head, claims, key, algorithms=[algorithm])


class TokenIssuer(AbstractContextManager["TokenIssuer"]):
    """The process, and what a test asks of it."""

    def __init__(self) -> None:
        (self._port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}/realms/office"
        self._process: Popen[bytes] | None = None

    def start(self) -> None:
        """With keys of its own, which no issuer before had."""
        self._process = Popen([sys.executable, "-m", "tests.support.issuer", str(self._port)])
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx2.get(f"{self.url}/jwks")
                return
            except httpx2.TransportError:
                assert time.monotonic() < deadline, "the issuer does not start"
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def __enter__(self) -> "TokenIssuer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def token(self, **claims: Any) -> str:
        """By the token endpoint, as somebody who has logged in gets one."""
        form = {"grant_type": "client_credentials", "claims": json.dumps(claims)}
        answer = httpx2.post(f"{self.url}/token", data=form).raise_for_status()
        found: str = answer.json()["access_token"]
        return found

    def rotate(self, algorithm: str = "RS256", *, keep: bool = True) -> None:
        httpx2.post(f"{self.url}/rotate", data={"algorithm": algorithm, "keep": str(keep)}).raise_for_status()

    def behaves(self, **manner: Any) -> None:
        """From now on so, and otherwise as it should."""
        httpx2.post(f"{self.url}/manner", data={"manner": json.dumps(manner)}).raise_for_status()

    def renewals(self) -> list[int]:
        """How often each sign-in's tokens were renewed."""
        found: list[int] = httpx2.get(f"{self.url}/renewals").json()["renewed"]
        return found

    def jwks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/jwks").json()["keys"]
        return found


def _handler(realm: Realm) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/realms/office/authorize":
                self._redirect(realm.authorize({name: values[0] for name, values in parse_qs(address.query).items()}))
                return
            paths = {
                "/realms/office/.well-known/openid-configuration": realm.described(),
                "/realms/office/jwks": realm.jwks(),
                "/realms/office/renewals": {"renewed": [flow.renewed for flow in realm.flows]},
            }
            self._answer(paths.get(self.path))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            if self.path == "/realms/office/manner":
                realm.manner = Manner(**json.loads(form["manner"]))
                self._answer({})
            elif self.path == "/realms/office/token" and "claims" not in form:
                status, said = realm.exchange(form, self.headers.get("Authorization", ""))
                self._answer(said, status)
            elif self.path == "/realms/office/token":
                token = realm.token(**json.loads(form["claims"]))
                self._answer({"access_token": token, "token_type": "Bearer", "expires_in": 300})
            elif self.path == "/realms/office/rotate":
                realm.rotate(form["algorithm"], keep=form["keep"] == "True")
                self._answer({})
            else:
                self._answer(None)

        def _redirect(self, to: str) -> None:
            self.send_response(302)
            self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, body: dict[str, Any] | None, status: int = 200) -> None:
            said = json.dumps(body or {}).encode()
            self.send_response(404 if body is None else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None: ...

    return Handler


if __name__ == "__main__":
    port = int(sys.argv[1])
    handler = _handler(Realm(f"http://127.0.0.1:{port}/realms/office"))
    ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()
