"""An OpenID issuer as a process of its own: discovery, keys, a token endpoint, rotation. `python -m … PORT`."""

import json
import sys
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import Popen
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from tests.support.servers import free_ports

AUDIENCE = "linli"
MAKES = {"RS256": lambda: RSAKey.generate_key(2048), "ES256": lambda: ECKey.generate_key("P-256")}


class Realm:
    """The keys, newest last, and what is signed with them."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys: list[tuple[str, str, Key]] = []
        self.rotate("RS256", keep=True)

    def rotate(self, algorithm: str, *, keep: bool) -> None:
        """A new key signs from now on; with `keep` the ones before are still in the key set."""
        new = (uuid4().hex, algorithm, make_key(algorithm))
        self.keys = [*(self.keys if keep else ()), new]

    def jwks(self) -> dict[str, Any]:
        return {"keys": [public(kid, alg, key) for kid, alg, key in self.keys]}

    def token(self, **claims: Any) -> str:
        """Signed by the newest key; a claim that is None is left out."""
        kid, algorithm, key = self.keys[-1]
        return signed(claims_of(self.issuer, **claims), key, algorithm, kid)


def make_key(algorithm: str) -> Key:
    """A private key for an algorithm."""
    if algorithm in {"EdDSA", "Ed25519"}:
        return OKPKey.generate_key("Ed25519")
    return MAKES[algorithm]()


def public(kid: str, algorithm: str, key: Key) -> dict[str, Any]:
    """A key as a key set shows it."""
    return {**key.as_dict(private=False), "kid": kid, "alg": algorithm, "use": "sig"}


def claims_of(issuer: str, **claims: Any) -> dict[str, Any]:
    """What a token says, but for what is given otherwise."""
    now = int(time.time())
    usual = {"iss": issuer, "aud": AUDIENCE, "sub": "wang", "iat": now, "exp": now + 300}
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

    def jwks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/jwks").json()["keys"]
        return found


def _handler(realm: Realm) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths = {
                "/realms/office/.well-known/openid-configuration": {
                    "issuer": realm.issuer,
                    "jwks_uri": f"{realm.issuer}/jwks",
                    "token_endpoint": f"{realm.issuer}/token",
                },
                "/realms/office/jwks": realm.jwks(),
            }
            self._answer(paths.get(self.path))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            if self.path == "/realms/office/token":
                token = realm.token(**json.loads(form["claims"]))
                self._answer({"access_token": token, "token_type": "Bearer", "expires_in": 300})
            elif self.path == "/realms/office/rotate":
                realm.rotate(form["algorithm"], keep=form["keep"] == "True")
                self._answer({})
            else:
                self._answer(None)

        def _answer(self, body: dict[str, Any] | None) -> None:
            said = json.dumps(body or {}).encode()
            self.send_response(404 if body is None else 200)
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
