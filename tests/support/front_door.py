"""What people do who have addresses of the portal's and links to sign in by, and nothing else: by its port alone."""

import re
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.portal import Visitor
from tests.support.services import until


async def opened(link: str) -> Visitor:
    """A link as a person opens it: a page says whom it signs in, its button does; then the desk is there."""
    who = Visitor(link.partition("/sign-in/")[0])
    page = await who.page(link.removeprefix(who.url))
    (code,) = parse_qs(urlsplit(link).query)["code"]
    assert code in page
    entered = await who.send("/sign-in/link", page="", code=code, next="/desk")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/desk")
    assert "<h1>Desk" in await who.page("/desk")
    again = await who.send("/sign-in/link", page="", code=code)
    assert again.status_code != 303, "a link opens once"
    return who


async def reported(who: Visitor, community: str, **fields: str) -> tuple[str, str]:
    """By the form: the code and the report's id, as the receipt's address has them."""
    form = await who.page(f"/report?community={community}")
    key = re.search(r'name="key" value="([0-9a-f]+)"', form)
    assert key
    said = {"community": community, "key": key[1], "kind": "report", "checked": "1"} | fields
    sent = await who.send("/report", page=form, **said)
    assert sent.status_code == 303, sent.text
    place = urlsplit(sent.headers["Location"])
    assert "receipt" in await who.page(sent.headers["Location"])
    return place.path.split("/")[2], parse_qs(place.query)["id"][0]


async def goes_round(sign_in: dict[str, Any], community: str, category: str) -> None:
    """The links of `linli demo --json`: a report is found, taken on and resolved by its party's clerk."""
    title = "围挡挡住了单元门"
    resident = Visitor(sign_in["pages"])
    operator, clerk = await opened(sign_in["operator"]["url"]), await opened(sign_in["party"]["url"])
    async with aclosing(resident.http), aclosing(operator.http), aclosing(clerk.http):
        code, id = await reported(resident, community, title=title, category=category)

        async def listed() -> bool:
            return title in await clerk.page("/desk?view=all&sort=newest")

        await until(listed)
        assert title in await operator.page(f"/desk/cases/{id}")
        await _does(clerk, id, "accept")
        await _does(clerk, id, "resolve", message="围挡已后移")
        assert "围挡已后移" in await resident.page(f"/track/{code}")


async def _does(clerk: Visitor, id: str, action: str, **fields: str) -> None:
    there = f"/desk/cases/{id}/do/{action}"
    form = await clerk.page(there)
    hidden = dict(re.findall(r'name="(version|key)" value="([^"]*)"', form))
    done = await clerk.send(there, page=form, step="do", **hidden, **fields)
    assert done.status_code == 303, done.text
