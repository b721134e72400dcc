"""Whose token it is, with an issuer that answers from memory."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from linli.application.settings import Settings, SettingsError
from linli.security.issuer import Issuer
from linli.security.oidc import ClaimNames, Tokens
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.problems import Problem
from tests.support.attacks import attacks
from tests.support.clocks import process_time
from tests.support.issuer import AUDIENCE, Realm, claims_of, make_key, public, signed

URL = "https://login.example/realms/office"


class Office:
    """The issuer, and Linli's view of it."""

    def __init__(self) -> None:
        self.realm = Realm(URL)
        self.asked = 0
        self.now = 1_000.0
        self.away = False
        self.says: Callable[[dict[str, Any]], dict[str, Any]] = lambda described: described
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))
        algorithms = ("RS256", "ES256", "EdDSA", "Ed25519")
        self.tokens = Tokens(
            Issuer(URL, 30.0, 600.0, http, lambda: self.now),
            AUDIENCE,
            ClaimNames(),
            algorithms,
            leeway=30,
            longest=3_600,
            now=process_time,
        )

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        if self.away:
            raise httpx2.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            self.asked += 1
            return httpx2.Response(200, json=self.says({"issuer": URL, "jwks_uri": f"{URL}/jwks"}))
        return httpx2.Response(200, json=self.realm.jwks())

    async def who(self, **claims: Any) -> Principal | str:
        return await self.tokens.principal(self.realm.token(**claims))


async def test_the_claims_say_the_role_and_for_whom_it_acts() -> None:
    office = Office()
    party = await office.who(linli_role="party", linli_party="estate", linli_community="test")
    assert isinstance(party, Principal)
    assert (party.role, party.party, party.community, party.scopes) == (Role.PARTY, "estate", "test", None)
    assert party.id.startswith("oidc:") and "wang" not in party.id
    again, other = await office.who(linli_role="auditor"), await office.who(linli_role="auditor", sub="li")
    assert isinstance(again, Principal) and isinstance(other, Principal)
    assert again.id == party.id != other.id, "who it is does not hang from what they may do"
    assert (again.role, again.party) == (Role.AUDITOR, None)


async def test_a_token_for_several_audiences_is_for_us_if_we_are_one() -> None:
    assert isinstance(await Office().who(linli_role="operator", aud=["account", AUDIENCE]), Principal)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # RFC 9864 has a new name for it; issuers use the old one
async def test_signatures_by_public_keys_are_taken(algorithm: str) -> None:
    office = Office()
    office.realm.rotate(algorithm, keep=False)
    assert isinstance(await office.who(linli_role="operator"), Principal)


async def test_no_attack_opens_anything_and_each_is_told_apart() -> None:
    office = Office()
    assert isinstance(await office.who(linli_role="operator"), Principal)
    found = attacks(URL, office.realm.jwks()["keys"], office.realm.token)
    outcomes = {}
    for name, (token, _) in found.items():
        office.now += 31
        outcomes[name] = await office.tokens.principal(token)
    assert outcomes == {name: f"token: {reason}" for name, (_, reason) in found.items()}


@pytest.mark.parametrize("after", [10**15, 2**63, 1e300, 3_601])
async def test_a_token_that_lives_too_long_opens_nothing(after: float) -> None:
    now = int(time.time())
    assert await Office().who(linli_role="operator", iat=now, exp=now + after) == "token: lives too long"


async def test_a_logout_token_opens_nothing() -> None:
    office = Office()
    kid, algorithm, key = office.realm.keys[-1]
    token = signed(claims_of(URL, linli_role="operator"), key, algorithm, kid, typ="logout+jwt")
    assert await office.tokens.principal(token) == "token: type"


async def test_a_key_that_is_weak_secret_or_for_encryption_counts_for_none() -> None:
    office = Office()
    kid, algorithm, key = office.realm.keys[-1]
    token = office.realm.token(linli_role="operator")
    good = public(kid, algorithm, key)
    for bad in ({**good, "use": "enc"}, {"kty": "oct", "kid": kid, "k": "c2VjcmV0"}, {"kty": "RSA", "kid": kid}, {}, 7):
        office.now += 31
        office.realm.jwks = lambda bad=bad: {"keys": [bad]}  # type: ignore[method-assign,misc]
        assert await office.tokens.principal(token) == "token: unknown key", bad


async def test_a_new_key_is_asked_for_once_and_unknown_ones_do_not_make_us_ask_again_and_again() -> None:
    office = Office()
    own = make_key("ES256")
    assert isinstance(await office.who(linli_role="operator"), Principal)
    office.realm.rotate("ES256", keep=True)
    with pytest.raises(Problem) as unsure:
        await office.who(linli_role="operator")
    assert (unsure.value.status, unsure.value.slug) == (503, "issuer_unavailable")
    office.now += 31
    assert isinstance(await office.who(linli_role="operator"), Principal)
    assert office.asked == 2
    office.now += 31
    made_up = signed(claims_of(URL, linli_role="operator"), own, "ES256", "made-up")
    assert [await office.tokens.principal(made_up) for _ in range(5)] == ["token: unknown key"] * 5
    assert office.asked == 3


async def test_while_the_issuer_is_away_known_keys_go_on_and_of_unknown_ones_nothing_is_said() -> None:
    office = Office()
    old = office.realm.token(linli_role="operator")
    assert isinstance(await office.tokens.principal(old), Principal)
    office.away = True
    office.now += 3_600
    assert isinstance(await office.tokens.principal(old), Principal)
    office.realm.rotate("RS256", keep=False)
    new = office.realm.token(linli_role="operator")
    with pytest.raises(Problem) as unsure:
        await office.tokens.principal(new)
    assert unsure.value.status == 503 and int(unsure.value.headers["Retry-After"]) > 0
    office.away = False
    office.now += 6
    assert isinstance(await office.tokens.principal(new), Principal)
    assert await office.tokens.principal(old) == "token: unknown key", "the issuer has withdrawn it"


async def test_an_issuer_that_is_another_or_sends_us_elsewhere_is_not_believed() -> None:
    for change in ({"issuer": "https://evil.example"}, {"jwks_uri": "http://evil.example/jwks"}):
        office = Office()
        office.says = lambda described, change=change: described | change  # type: ignore[misc]
        with pytest.raises(Problem, match="issuer_unavailable"):
            await office.who(linli_role="operator")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"oidc_audience": None}, "AUDIENCE"),
        ({"oidc_issuer": "http://login.example"}, "https"),
        ({"oidc_algorithms": ("RS256", "HS256")}, "ALGORITHMS"),
        ({"oidc_algorithms": ("none",)}, "ALGORITHMS"),
        ({"oidc_algorithms": ()}, "ALGORITHMS"),
    ],
)
def test_a_setting_that_would_open_a_door_lets_no_service_start(change: dict[str, Any], why: str) -> None:
    settings = Settings(**{"oidc_issuer": URL, "oidc_audience": AUDIENCE} | change)
    with pytest.raises(SettingsError, match=why):
        Tokens.from_settings(settings, process_time)
