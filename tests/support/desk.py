"""A clerk at the desk's pages: presses what the page shows, and fills in its forms."""

import re
from html import unescape
from typing import Any

import httpx2

from tests.support.patience import page_of
from tests.support.portal import Visitor
from tests.support.services import until
from tests.support.system import System

LIFT = {"kind": "report", "category": "facilities.lift", "neighbourhood": "east"}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_OFFERED = re.compile(r'href="/desk/cases/[^"/]+/do/(\w+)"')


async def reported(system: System, title: str = "电梯停了", **fields: Any) -> str:
    """A report that has reached its party; the case's id."""
    receipt = (await system.submit(title=title, **{**LIFT, **fields})).json()

    async def routed() -> bool:
        case = await system.case(receipt["id"])
        return case is not None and case["state"] != "open"

    await until(routed)
    id: str = receipt["id"]
    return id


def offered(page: str) -> set[str]:
    """The actions that a case's page offers."""
    return set(_OFFERED.findall(page))


def hidden(page: str) -> dict[str, list[str]]:
    """What a form carries unseen, but for the layout's own."""
    found: dict[str, list[str]] = {}
    for name, value in _HIDDEN.findall(page):
        if name not in {"back"}:
            found.setdefault(name, []).append(unescape(value))
    return found


async def press(
    clerk: Visitor, id: str, action: str, files: Any = None, page: str | None = None, **fields: Any
) -> httpx2.Response:
    """Open an action's form (or have it open as `page`), fill it in and send it."""
    address = f"/desk/cases/{id}/do/{action}"
    form = hidden(page if page is not None else await clerk.page(address))
    data = {name: form[name][0] for name in ("csrf", "version", "key")} | {"step": "do"} | fields
    ours = {"Origin": clerk.url, "Sec-Fetch-Site": "same-origin"}
    # The form's key lets it take effect once.
    return await page_of(lambda: clerk.http.post(address, data=data, files=files, headers=ours))


async def did(clerk: Visitor, id: str, action: str, **fields: Any) -> str:
    """The same where it is done; the case's page after it."""
    answer = await press(clerk, id, action, **fields)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] in {f"/desk/cases/{id}?done={action}", f"/desk?done={action}"}
    return await clerk.page(f"/desk/cases/{id}?done={action}")
