"""Plain pages for visitors from a letter: no script, no foreign pictures, nothing cached."""

import html
from string import Template

from fastapi import Request
from fastapi.responses import HTMLResponse

from linli.contracts.kinds import Language

_PAGE = Template(
    """<!doctype html><html lang="$language"><meta charset="utf-8"><title>Linli</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<h1>$heading</h1>$body</html>"""
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def wants_page(request: Request) -> bool:
    """Whether a browser asks; a program that names no format gets JSON."""
    return "text/html" in request.headers.get("accept", "")


def written(language: Language, heading: str, body: str) -> str:
    """A page; `body` is HTML, `heading` is text."""
    return _PAGE.substitute(language=language.value, heading=html.escape(heading), body=body)


def page(language: Language, heading: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(written(language, heading, body), status, headers=HEADERS)
