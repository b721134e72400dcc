"""No page offers whoever looks what they would be refused, or what is not there: each link is followed, each form's
address looked at, and each action of the desk tried without doing it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import httpx2
import pytest

from linli.web.openapi import allowed_methods
from portal.desk.actions import IN_BULK
from portal.main import build
from portal.settings import PortalSettings
from tests.support.markup import Markup, markup
from tests.support.patience import page_of
from tests.support.portal_pages import PAGES
from tests.support.quarter import Quarter, Role

pytestmark = pytest.mark.timeout(1200)
"""Each follows some hundred links, on a machine that may be slow."""
ROUTES = build(PortalSettings()).app.state.routes  # type: ignore[attr-defined]  # a FastAPI
EVERYBODY: tuple[Role, ...] = ("resident", "operator", "auditor", "estate", "water-co", "grid-1")
EACH_TIME = frozenset({"resident", "operator", "estate"})
"""The others before a release: each follows hundreds of links."""
AT_ONCE = 2
REFUSED = frozenset({403, 404, *range(500, 600)})
"""422 is the answer of an address whose form was not filled in."""
HAS_NO_END = ("/live", "/topology/events")
ACTION = re.compile(r"^/desk/cases/[0-9a-f-]{36}/do/(?P<name>[a-z_]+)")
NOT_NOW = "This is not possible with the case as it is now."
OWN = {"Sec-Fetch-Site": "same-origin"}
SAID = {"message": "看一看", "reason": "看一看", "party": "estate", "waiting_for": "part"}


@pytest.fixture(scope="module")
async def family(quarter: Quarter) -> list[str]:
    """The pages of a head, its follower, a whole that two parties share, its parts."""
    head, follower, whole = [await quarter.report(f"同一件 {n}", category="facilities.lift") for n in range(3)]
    water = await quarter.report("水管裂了", category="water")
    await quarter.system.act(follower["id"], "merge", into=head["id"])
    parts = [{"party": "estate", "message": "换灯"}, {"party": "water-co", "message": "查漏点"}]
    split = await quarter.system.act(whole["id"], "split", parts=parts)
    return [f"/desk/cases/{id}" for id in (head["id"], follower["id"], whole["id"], water["id"], *split["parts"])]


@pytest.mark.parametrize(
    "role", [each if each in EACH_TIME else pytest.param(each, marks=pytest.mark.long) for each in EVERYBODY]
)
async def test_nothing_is_offered_that_would_be_refused(role: Role, quarter: Quarter, family: list[str]) -> None:
    addresses = dict.fromkeys([page.address(quarter.places) for page in PAGES if page.status == 200] + family)
    leads: dict[str, str] = {}
    """Address → the page on which it stands."""
    nowhere: list[str] = []
    async with await quarter.signed_in(role) as http:
        for page, answer in (await asked(http, addresses)).items():
            if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                read = markup(answer.text)
                leads |= dict.fromkeys(offered(page, read), page)
                nowhere += [
                    each["action"] for each in read.of("form") if is_sent(each) and not takes_forms(each["action"])
                ]
        assert nowhere == []
        answers = await asked(http, one_of_each(leads))
        wrong = {to: (answer.status_code, leads[to]) for to, answer in answers.items() if answer.status_code in REFUSED}
        assert wrong == {}
        tried = {to: answer for to, answer in answers.items() if ACTION.match(to)}
        assert [to for to, answer in tried.items() if NOT_NOW in answer.text] == []
        assert [each async for each in refused_when_tried(http, tried)] == []
    assert len(leads) > 5
    assert bool(tried) is (role not in {"resident", "auditor"}), "who may act is offered something"


def offered(page: str, read: Markup) -> Iterator[str]:
    """Where its links, pictures, parts and searches lead, without what is elsewhere or on the page itself."""
    said = [each.get("href", "") for tag in ("a", "link") for each in read.of(tag)]
    said += [each.get("src", "") for tag in ("img", "script") for each in read.of(tag)]
    said += [each.get("action", page) for each in read.of("form") if not is_sent(each) and each.get("id") != "bulk"]
    said += [each["hx-get"] for _, each in read.elements if "hx-get" in each]
    first = next((each["value"] for each in read.of("input") if each.get("name") == "id"), None)
    if first and any(each.get("action") == "/desk/bulk" for each in read.of("form")):
        actions = {each.get("value", "") for each in read.of("option")} & set(IN_BULK)
        said += [f"/desk/bulk?action={name}&id={first}" for name in actions]
    for each in said:
        to = urlsplit(urljoin(page, each))
        if each and not each.startswith("#") and not to.scheme and not to.path.startswith(HAS_NO_END):
            yield to._replace(fragment="").geturl()


def one_of_each(addresses: Iterable[str]) -> Iterable[str]:
    """Of those that lead to the same and differ in a filter, an order or a page of a list, one."""
    found: dict[tuple[str, frozenset[str]], str] = {}
    for each in addresses:
        asked = urlsplit(each)
        said = {name if name != "action" else f"{name}={value}" for name, value in parse_qsl(asked.query)}
        found.setdefault((asked.path, frozenset(said)), each)
    return found.values()


def is_sent(form: Mapping[str, str]) -> bool:
    return form.get("method", "get").lower() == "post"


def takes_forms(address: str) -> bool:
    """Whether there is anything at an address to which a form is sent: a page at the same one may be another matter."""
    path = unquote(urlsplit(address).path)
    return "POST" in allowed_methods(ROUTES, {"type": "http", "method": "POST", "path": path, "root_path": ""})


async def asked(http: httpx2.AsyncClient, addresses: Iterable[str]) -> Mapping[str, httpx2.Response]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> httpx2.Response:
        async with room:
            return await page_of(lambda: http.get(address))

    wanted = list(addresses)
    return dict(zip(wanted, await asyncio.gather(*(one(each) for each in wanted)), strict=True))


async def refused_when_tried(
    http: httpx2.AsyncClient, forms: Mapping[str, httpx2.Response]
) -> AsyncIterator[tuple[str, int]]:
    """Each action's form, sent to see what would happen: it may lack something, but is nobody else's to send."""
    for to, answer in forms.items():
        found = ACTION.match(to)
        assert found
        if found["name"] == "evidence":  # photos are added or not; nothing is tried
            continue
        read = markup(answer.text)
        carried = {name: read.field_of(name) or "" for name in ("csrf", "version", "key")}
        looked = await http.post(urlsplit(to).path, data=carried | SAID | {"step": "look"}, headers=OWN)
        if looked.status_code in REFUSED:
            yield to, looked.status_code
