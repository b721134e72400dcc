"""Routes that mark an address: its owner confirms or stops it by the link in a letter, staff mark it as dead."""

import html
from string import Template
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.kinds import Language
from linli.contracts.notify.permissions import RETRY_DELIVERIES
from linli.contracts.workflow.permissions import TRACK
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.problems import unknown_code
from notify.deliveries.address_store import AddressStore
from notify.deliveries.given import AddressesDep, ClockDep

operators = router(prefix="/v1", tags=["deliveries"])
residents = router(prefix="/v1/letters/{token}", tags=["residents"])

WORDS = {
    Language.ZH: {
        "ask": "邻里的来信是写给您的吗？",
        "confirm": "是我反映的，请继续来信",
        "stop": "不要再给这个邮箱来信",
        "confirmed": "谢谢。以后的来信会写明您反映的内容。",
        "stopped": "好的，不会再给这个邮箱来信。改变主意时，可再次打开这个链接。",
    },
    Language.EN: {
        "ask": "Are the letters from Linli meant for you?",
        "confirm": "Yes, go on writing to me",
        "stop": "Do not write to this mailbox any more",
        "confirmed": "Thank you. From now on letters say what you told us about.",
        "stopped": "This mailbox gets no more letters. Should you change your mind, open this link again.",
    },
}
PAGE = Template(
    """<!doctype html><html lang="$language"><meta charset="utf-8"><title>Linli</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
$body</html>"""
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
ONE_CLICK = "List-Unsubscribe"
"""What a mail program's own button posts (RFC 8058)."""


class Marked(Record):
    """The address's state after it; the address itself is not repeated."""

    dead: bool


class Mark(Record):
    """Whether anything arrives at an address: `dead` after a letter came back."""

    address: str = Field(min_length=3, max_length=254, examples=["wang@residents.example"])
    """A mailbox, or a telephone number as +8613800138000."""
    dead: bool = Field(True, strict=True)


@operators.post("/addresses:mark", dependencies=[needs(RETRY_DELIVERIES)], responses=problems(422))
async def mark(body: Mark, who: Who, store: AddressesDep, clock: ClockDep, request: Request) -> Marked:
    """Write no more to an address that letters come back from, or write to it again. Kept under a keyed hash."""
    name = (await store.names()).of(body.address.strip())
    await store.mark(name, clock.now(), by=who.id, dead=body.dead)
    about(request, [], "address_dead" if body.dead else "address_alive")
    return Marked(dead=body.dead)


@residents.get("", response_class=HTMLResponse, dependencies=[needs(TRACK)], responses=problems(404))
async def ask(token: str, store: AddressesDep, request: Request) -> HTMLResponse:
    """A page that asks whether letters are welcome. Looking at it changes nothing: mail scanners do."""
    await _name(store, token)
    words = _words(request)
    buttons = "".join(
        f'<form method="post"><input type="hidden" name="do" value="{do}">'
        f"<button>{html.escape(words[do])}</button></form>"
        for do in ("confirm", "stop")
    )
    return _page(request, f"<h1>{html.escape(words['ask'])}</h1>{buttons}")


@residents.post("", response_class=HTMLResponse, dependencies=[needs(TRACK)], responses=problems(404, 413))
async def answer(token: str, store: AddressesDep, clock: ClockDep, request: Request) -> HTMLResponse:
    """Letters are welcome, or are to stop. A mail program's unsubscribe button posts here as well."""
    name = await _name(store, token)
    form = parse_qs((await request.body()).decode("latin-1"))
    stop = ONE_CLICK in form or form.get("do") != ["confirm"]
    await store.mark(name, clock.now(), by="resident", confirmed=not stop, stopped=stop)
    return _page(request, f"<p>{html.escape(_words(request)['stopped' if stop else 'confirmed'])}</p>")


async def _name(store: AddressStore, token: str) -> str:
    name = (await store.names()).read(token)
    if name is None:
        raise unknown_code("This link is not one of ours, or is not whole.")
    return name


def _language(request: Request) -> Language:
    """Chinese, unless only English was asked for."""
    asked = request.headers.get("accept-language", "").lower()
    return Language.EN if "en" in asked and "zh" not in asked else Language.ZH


def _words(request: Request) -> dict[str, str]:
    return WORDS[_language(request)]


def _page(request: Request, body: str) -> HTMLResponse:
    return HTMLResponse(PAGE.substitute(language=_language(request).value, body=body), headers=HEADERS)
