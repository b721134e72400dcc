"""What every page says to the browser, and which forms are taken: over HTTP, as an attacker without a browser asks."""

import pytest

from tests.support.markup import markup
from tests.support.portal_pages import PAGES, Page
from tests.support.quarter import SESSION, Quarter

OF_STAFF = [page for page in PAGES if page.role != "resident" and page.route != "/"]
"""The first page is everybody's."""
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    " https://evil.example",
    "/%0d%0aLocation: https://evil.example",
    "///evil.example",
    "https:/evil.example",
    "evil.example",
)


@each_page
async def test_every_page_has_the_headers_and_nothing_that_could_run_in_it(page: Page, quarter: Quarter) -> None:
    async with await quarter.signed_in(page.role) as http:
        answer = await http.get(page.address(quarter.places))
    assert answer.status_code == page.status, answer.text
    said = answer.headers
    assert said["content-type"].startswith("text/html")
    policy = dict(each.strip().split(" ", 1) for each in said["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in said["content-security-policy"]
    assert (
        not [word for word in said["content-security-policy"].split() if word.startswith(("http", "*"))]
        or page.embeddable
    )
    assert (policy["object-src"], policy["base-uri"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert (policy["frame-ancestors"] == "'none'") is not page.embeddable
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] in {"no-referrer", "same-origin", "strict-origin"}
    if page.role != "resident":
        assert "no-store" in said["cache-control"]
    assert "public" not in said["cache-control"] or page.role == "resident"
    assert markup(answer.text).dangers() == []


@each_page
async def test_head_answers_as_get_does_or_not_at_all_and_neither_changes_a_case(page: Page, quarter: Quarter) -> None:
    ids = [quarter.places[name] for name in ("case", "done", "quarrel")]
    before = [(await quarter.system.case(id) or {})["version"] for id in ids]
    async with await quarter.signed_in(page.role) as http:
        address = page.address(quarter.places)
        assert (await http.head(address)).status_code in {page.status, 405}
        assert (await http.get(address)).status_code == page.status
    assert [(await quarter.system.case(id) or {})["version"] for id in ids] == before


@pytest.mark.parametrize("page", OF_STAFF, ids=lambda page: page.name)
async def test_a_page_of_staff_leads_others_to_the_sign_in_page_and_back(page: Page, quarter: Quarter) -> None:
    async with quarter.client() as http:
        answer = await http.get(page.address(quarter.places))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2F")


@pytest.mark.parametrize("next", ELSEWHERE)
async def test_nobody_is_led_elsewhere_by_an_address_of_the_portal(next: str, quarter: Quarter) -> None:
    async with quarter.client() as http:
        shown = markup((await http.get("/sign-in", params={"next": next})).text)
        assert shown.field_of("next") in {"/", None} or _own(str(shown.field_of("next")))
        signed = await http.post("/sign-in", data={"key": await quarter.key("operator"), "next": next})
        assert (signed.status_code, _own(signed.headers["location"])) == (303, True), signed.headers
        again = await http.get("/sign-in", params={"next": next})  # who is signed in already goes on at once
        assert (again.status_code, _own(again.headers["location"])) == (303, True), again.headers
        looked = await http.post("/look", data={"language": "en", "back": next})
        assert (looked.status_code, _own(looked.headers["location"])) == (303, True), looked.headers


async def test_a_form_from_another_site_is_refused(quarter: Quarter) -> None:
    async with await quarter.signed_in("operator") as http:
        token = str(markup((await http.get("/sessions")).text).field_of("csrf"))
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": quarter.url.replace("127.0.0.1", "localhost")},
            {"Origin": quarter.url + "0"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            for path in ("/sign-out", "/sessions/end-others", "/look", "/sign-in"):
                answer = await http.post(path, data={"csrf": token, "theme": "dark"}, headers=headers)
                assert answer.status_code == 403, (path, headers, answer.text)
        assert (await http.get("/sessions")).status_code == 200


async def test_a_form_without_the_sessions_token_is_refused(quarter: Quarter) -> None:
    async with await quarter.signed_in("operator") as http, await quarter.signed_in("estate") as other:
        theirs = str(markup((await other.get("/sessions")).text).field_of("csrf"))
        for said in (None, "", "x", "00" * 32, theirs, theirs[:32]):
            answer = await http.post("/sign-out", data={} if said is None else {"csrf": said})
            assert answer.status_code == 403, (said, answer.text)
        assert (await http.get("/sessions")).status_code == 200


async def test_the_cookie_of_a_session_is_out_of_reach_and_a_new_one_each_time(quarter: Quarter) -> None:
    key = await quarter.key("auditor")
    async with quarter.client({SESSION: "chosen-by-somebody-else-beforehand"}) as http:
        answer = await http.post("/sign-in", data={"key": key})
        said = answer.headers["set-cookie"].lower()
        assert "httponly" in said
        assert "samesite=lax" in said or "samesite=strict" in said
        assert "chosen-by" not in said
    assert await quarter.sign_in(key) != await quarter.sign_in(key)


async def test_who_signs_out_is_signed_out_everywhere_that_the_cookie_went(quarter: Quarter) -> None:
    cookie = await quarter.sign_in(await quarter.key("auditor"))
    async with quarter.client({SESSION: cookie}) as http, quarter.client({SESSION: cookie}) as copy:
        token = str(markup((await http.get("/sessions")).text).field_of("csrf"))
        assert (await http.post("/sign-out", data={"csrf": token})).status_code == 303
        assert (await copy.get("/sessions")).headers["location"].startswith("/sign-in")


def _own(address: str) -> bool:
    """Whether a browser stays at the portal."""
    plain = address.replace("\\", "/").replace("\t", "").replace("\n", "").strip()
    return plain.startswith("/") and not plain.startswith("//")
