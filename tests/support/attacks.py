"""Tokens that must open nothing, made from what anybody can know of an issuer: its public keys and a good token."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc.jwk import RSAKey

from tests.support.issuer import claims_of, make_key, signed

ROLE = {"linli_role": "operator"}
Token = Callable[..., str]
"""Asks the issuer for a token with claims."""


def attacks(url: str, jwks: list[dict[str, Any]], token: Token) -> dict[str, tuple[str, str]]:
    """What is tried → the token, and the reason that the log gives."""
    public = jwks[-1]
    kid = public["kid"]
    now = int(time.time())
    claims = claims_of(url, **ROLE)
    head, payload, signature = token(**ROLE).split(".")
    own = make_key("RS256")
    pem = RSAKey.import_key(public).as_pem(private=False)
    return {
        "no signature": (f"{_part({'alg': 'none', 'kid': kid})}.{payload}.", "algorithm"),
        "an algorithm called None": (f"{_part({'alg': 'None', 'kid': kid})}.{payload}.", "algorithm"),
        "signature dropped": (f"{head}.{payload}.", "signature"),
        "the public key as a secret": (_by_secret(claims, pem, kid), "algorithm"),
        "another's key under a known id": (signed(claims, own, "RS256", kid), "signature"),
        "a key of its own in the header": (
            signed(claims, own, "RS256", "mine", jwk=own.as_dict(private=False)),
            "unknown key",
        ),
        "no key id": (signed(claims, own, "RS256", None), "no key id"),
        "a changed role": (f"{head}.{_part(claims | {'linli_role': 'service'})}.{signature}", "signature"),
        "a header that is no JSON": (f"eyJhbGciO.{payload}.{signature}", "unreadable"),
        "for somebody else": (token(**ROLE, aud="another-program"), "wrong aud"),
        "for several others": (token(**ROLE, aud=["account", "another"]), "wrong aud"),
        "for nobody": (token(**ROLE, aud=None), "no aud"),
        "of another issuer": (token(**ROLE, iss="https://evil.example"), "wrong iss"),
        "past": (token(**ROLE, iat=now - 600, exp=now - 300), "past exp"),
        "for ever": (token(**ROLE, exp=None), "no exp"),
        "not yet": (token(**ROLE, nbf=now + 300), "wrong nbf"),
        "from the future": (token(**ROLE, iat=now + 300, exp=now + 600), "wrong iat"),
        "of nobody": (token(**ROLE, sub=None), "no sub"),
        "without a role": (token(), "unknown role"),
        "with a role that there is not": (token(linli_role="admin"), "unknown role"),
        "with a resident's role": (token(linli_role="resident"), "unknown role"),
        "with several roles": (token(linli_role=["operator", "auditor"]), "unknown role"),
        "of a party that is not named": (token(linli_role="party", linli_community="test"), "no party"),
        "of a party that is no id": (
            token(linli_role="party", linli_party={"$ne": 1}, linli_community="test"),
            "no party",
        ),
    }


def _by_secret(claims: dict[str, Any], secret: bytes, kid: str) -> str:
    """HS256 by hand: the library does not lend itself to it."""
    signing = f"{_part({'alg': 'HS256', 'kid': kid})}.{_part(claims)}"
    return f"{signing}.{_letters(hmac.new(secret, signing.encode(), hashlib.sha256).digest())}"


def _part(part: dict[str, Any]) -> str:
    return _letters(json.dumps(part).encode())


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
