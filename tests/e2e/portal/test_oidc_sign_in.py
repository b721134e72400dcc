"""Sign-in at the office's identity provider, a real one over HTTP: there and back, renewed, ended, and attacked."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from tests.support.issuer import AUDIENCE, CONFIDENTIAL, PUBLIC, SECRET, TokenIssuer
from tests.support.portal import Visitor, portal_beside, visitor
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, System, system_on

OPERATOR = {"sub": "li", "linli_role": "operator"}


@pytest.fixture(scope="module")
def running_issuer() -> Iterator[TokenIssuer]:
    with TokenIssuer() as running:
        yield running


@pytest.fixture
def issuer(running_issuer: TokenIssuer) -> TokenIssuer:
    running_issuer.behaves(person=OPERATOR)
    return running_issuer


@pytest.fixture(scope="module")
async def system(
    stack: Servers, running_issuer: TokenIssuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    environment = {
        "LINLI_OIDC_ISSUER": running_issuer.url,
        "LINLI_OIDC_AUDIENCE": AUDIENCE,
        "LINLI_OIDC_CLIENT_ID": PUBLIC,
        "LINLI_OIDC_LEEWAY": "0",
        "LINLI_OIDC_REFETCH": "0.5",
    }
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **environment) as running, portal_beside(running):
        yield running


@pytest.fixture
async def other(system: System) -> AsyncIterator[Visitor]:
    async with visitor(system.urls["portal"]) as another:
        yield another


async def to_the_issuer(person: Visitor, next: str = "/sessions") -> str:
    """Press the button; where it leads."""
    return led_to(await person.send("/sign-in/oidc", page="", next=next))


def led_to(answer: httpx2.Response) -> str:
    found = re.fullmatch(r"0; url=(\S+)", answer.headers.get("Refresh", ""))
    assert found, answer.text
    return found[1]


async def signs_in_there(place: str) -> str:
    """The path that the issuer sends the browser back to."""
    async with httpx2.AsyncClient() as browser:
        answer = await browser.get(place)
    assert answer.status_code == 302, answer.text
    address = urlsplit(answer.headers["Location"])
    assert address.path == "/sign-in/oidc/callback"
    return f"{address.path}?{address.query}"


def changed(path: str, **query: str) -> str:
    address = urlsplit(path)
    said = {name: values[0] for name, values in parse_qs(address.query).items()}
    return f"{address.path}?{urlencode(said | query)}"


async def sign_in(person: Visitor) -> httpx2.Response:
    return await person.get(await signs_in_there(await to_the_issuer(person)))


async def is_signed_in(person: Visitor) -> bool:
    return (await person.get("/sessions")).status_code == 200


async def test_a_person_signs_in_at_the_office_and_comes_back_to_the_page(
    issuer: TokenIssuer, anybody: Visitor
) -> None:
    assert "Sign in with the office account" in await anybody.page("/sign-in?next=/sessions")
    place = await to_the_issuer(anybody)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}
    assert (asked["code_challenge_method"], asked["scope"], asked["client_id"]) == ("S256", "openid", PUBLIC)
    back = await anybody.get(await signs_in_there(place))
    assert (back.status_code, back.headers["Location"]) == (303, "/sessions")
    assert "Operator" in await anybody.page("/sessions")


async def test_signing_in_at_the_office_ends_the_session_that_this_browser_had(
    system: System, issuer: TokenIssuer, anybody: Visitor, other: Visitor
) -> None:
    await anybody.sign_in((system.servers.secrets_dir / "operator.key").read_text().strip())
    other.http.cookies.set("linli_session", anybody.http.cookies["linli_session"])
    assert await is_signed_in(other)
    assert (await sign_in(anybody)).status_code == 303
    assert await is_signed_in(anybody)
    assert not await is_signed_in(other)


async def test_a_code_or_a_state_that_was_shown_before_opens_nothing(issuer: TokenIssuer, anybody: Visitor) -> None:
    path = await signs_in_there(await to_the_issuer(anybody))
    assert (await anybody.get(path)).status_code == 303
    await anybody.send("/sign-out")
    again = await anybody.get(path)
    assert (again.status_code, "Begin again here" in again.text) == (403, True)
    fresh = await signs_in_there(await to_the_issuer(anybody))
    code = parse_qs(urlsplit(path).query)["code"][0]
    replayed = await anybody.get(changed(fresh, code=code))
    assert (replayed.status_code, "did not sign you in" in replayed.text) == (403, True)
    assert not await is_signed_in(anybody)


async def test_a_code_that_another_browser_was_given_opens_no_session_here(
    issuer: TokenIssuer, anybody: Visitor, other: Visitor
) -> None:
    path = await signs_in_there(await to_the_issuer(other))
    assert (await anybody.get(path)).status_code == 403
    await to_the_issuer(anybody)  # with a sign-in of its own under way too
    assert (await anybody.get(path)).status_code == 403
    assert not await is_signed_in(anybody)
    assert (await other.get(path)).status_code == 303, "a stranger's try does not use it up"


@pytest.mark.parametrize(
    "change", [{"state": "made-up"}, {"state": ""}, {"code": ""}, {"iss": "https://other.example"}], ids=str
)
async def test_what_the_issuer_did_not_say_opens_nothing(
    issuer: TokenIssuer, anybody: Visitor, change: dict[str, str]
) -> None:
    path = await signs_in_there(await to_the_issuer(anybody))
    assert (await anybody.get(changed(path, **change))).status_code == 403
    assert not await is_signed_in(anybody)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [PUBLIC, "another"]},
        {"aud": [PUBLIC, "another"], "azp": "another"},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"sub": None},
        {"at_hash": "AAAA"},
    ],
    ids=json.dumps,
)
async def test_an_id_token_that_is_not_of_this_sign_in_opens_nothing(
    issuer: TokenIssuer, anybody: Visitor, claims: dict[str, Any]
) -> None:
    issuer.behaves(person=OPERATOR, id_claims=claims)
    refused = await sign_in(anybody)
    assert (refused.status_code, "did not sign you in" in refused.text) == (403, True)
    assert not await is_signed_in(anybody)


@pytest.mark.parametrize("person", [{"sub": "zhao"}, {"sub": "p", "linli_role": "service"}], ids=["none", "a program"])
async def test_an_account_without_a_role_for_people_is_told_so(
    issuer: TokenIssuer, anybody: Visitor, person: dict[str, str]
) -> None:
    issuer.behaves(person=person)
    refused = await sign_in(anybody)
    assert (refused.status_code, "has no role here" in refused.text) == (403, True)


async def test_who_gives_up_at_the_issuer_is_back_at_the_sign_in_page(issuer: TokenIssuer, anybody: Visitor) -> None:
    issuer.behaves(error="access_denied")
    refused = await sign_in(anybody)
    assert refused.status_code == 403
    assert 'name="key"' in refused.text


@pytest.mark.parametrize("next", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
async def test_nobody_is_led_elsewhere_after_signing_in(issuer: TokenIssuer, anybody: Visitor, next: str) -> None:
    back = await anybody.get(await signs_in_there(await to_the_issuer(anybody, next)))
    assert back.headers["Location"] == "/"


async def test_tokens_are_renewed_before_they_end_and_once_for_many_requests(
    issuer: TokenIssuer, anybody: Visitor
) -> None:
    issuer.behaves(person=OPERATOR, seconds=6)
    await sign_in(anybody)

    async def renewed_twice() -> bool:
        assert await is_signed_in(anybody)
        return issuer.renewals()[-1] >= 2

    await until(renewed_twice)


async def test_a_refused_renewal_ends_the_session_when_the_tokens_do(issuer: TokenIssuer, anybody: Visitor) -> None:
    issuer.behaves(person=OPERATOR, seconds=6)
    await sign_in(anybody)
    assert await is_signed_in(anybody)
    issuer.behaves(person=OPERATOR, seconds=6, refuses_refresh=True)

    async def ended() -> bool:
        return not await is_signed_in(anybody)

    await until(ended)


async def test_signing_out_leads_on_to_the_issuer_where_it_offers_that(issuer: TokenIssuer, anybody: Visitor) -> None:
    await sign_in(anybody)
    place = led_to(await anybody.send("/sign-out"))
    assert place.startswith(f"{issuer.url}/logout?")
    assert {"client_id", "id_token_hint", "post_logout_redirect_uri"} <= set(parse_qs(urlsplit(place).query))
    assert not await is_signed_in(anybody)


async def test_while_the_issuer_is_away_keys_open_sessions_and_those_that_are_open_go_on(
    system: System, issuer: TokenIssuer, anybody: Visitor, other: Visitor
) -> None:
    await sign_in(other)
    path = await signs_in_there(await to_the_issuer(anybody))
    issuer.stop()
    try:
        lost = await anybody.get(path)
        assert (lost.status_code, "try again" in lost.text) == (503, True)
        system.kill(PORTAL)  # a new process has not heard yet where people sign in
        system.launch(PORTAL)
        await system.ready(PORTAL)
        away = await anybody.send("/sign-in/oidc", page="")
        assert (away.status_code, "A key can." in away.text, 'name="key"' in away.text) == (503, True, True)
        key = (system.servers.secrets_dir / "operator.key").read_text().strip()
        await anybody.sign_in(key)
        assert await is_signed_in(anybody)
        assert await is_signed_in(other)
    finally:
        issuer.start()


async def test_a_portal_with_a_secret_shows_it_and_without_the_right_one_signs_nobody_in(
    system: System, issuer: TokenIssuer, anybody: Visitor, tmp_path: Path
) -> None:
    file = tmp_path / "oidc.key"
    file.touch(mode=0o600)
    for secret, status in ((SECRET, 303), ("another", 503)):
        file.write_text(secret)
        system.kill(PORTAL)
        system.launch(PORTAL, LINLI_OIDC_CLIENT_ID=CONFIDENTIAL, LINLI_OIDC_CLIENT_SECRET_FILE=str(file))
        await system.ready(PORTAL)
        assert (await sign_in(anybody)).status_code == status
        await anybody.send("/sign-out")
