"""What a household does with the code of its letter: answers a survey, votes, objects to a plan, signs a covenant."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import RedirectResponse

from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.renewal.given import Visit, once
from portal.residents.forms import PhotoForms

MOST_WORDS = 64 * 1024
NO_SUCH = frozenset({404, 409, 422})
"""Of a code: none like it, one that counts no more, nothing that could be one."""
TO_BE_SAID = frozenset({409, 422})


@dataclass(frozen=True, slots=True)
class ByCode:
    """The page behind a code. No account and no script is needed."""

    address: str
    """Of the page that asks for a code; the code's own page is below it."""
    path: str
    """Of the service, likewise."""
    asking: str
    """Templates: of the page that asks for the code,"""
    shown: str
    """and of the one behind it."""

    def ask(self, here: Visit, code: str | None) -> Response:
        """Asks for the code of the letter, or leads to its page."""
        if code and code.strip():
            return RedirectResponse(self._at(code.strip()), 303)
        return here.page(self.asking, code="", fault=None)

    async def page(self, here: Visit, code: str, said: str = "") -> Response:
        """All that the household may see."""
        try:
            view = await self.view(here, code)
        except Problem as problem:
            if problem.status not in NO_SUCH:
                raise
            return here.page(self.asking, 409 if problem.status == 409 else 404, code=code[:40], fault=why(problem))
        return self.show(here, code, view, said=said)

    async def send(self, here: Visit, code: str, below: str, body: Mapping[str, Any], said: str, key: str) -> Response:
        """Do it, once for each form. What is refused is said above the form, which keeps what was written."""
        try:
            await self.told(here, code, below, body, key)
        except Problem as problem:
            if problem.status not in TO_BE_SAID:
                raise
            view = await self.view(here, code)
            return self.show(here, code, view, problem.status, fault=why(problem), written=body)
        return self.back(code, said)

    async def told(self, here: Visit, code: str, below: str, body: Mapping[str, Any], key: str) -> Any:
        """What the service answers to what a household does. Raises as it does."""
        return await here.services.send("neighbourhood", self.at(code) + below, body, here.caller, **once(key))

    async def view(self, here: Visit, code: str) -> dict[str, Any]:
        return dict(await here.get(self.at(code)))

    def show(self, here: Visit, code: str, view: Mapping[str, Any], status: int = 200, **values: Any) -> Response:
        """The page behind the code, with a key for its forms."""
        plain: dict[str, Any] = {"said": "", "fault": None, "written": {}, "key": secrets.token_hex(16)}
        return here.page(self.shown, status, code=code, view=view, **plain | values)

    def at(self, code: str) -> str:
        """Where the service knows it."""
        return at(f"{self.path}/{{code}}", code=code)

    def back(self, code: str, said: str) -> Response:
        """To the page, which says what was done."""
        return RedirectResponse(f"{self._at(code)}?said={said}", 303)

    def _at(self, code: str) -> str:
        return f"{self.address}/{quote(code, safe='')}"


async def fields_of(here: Visit, forms: PhotoForms) -> dict[str, str]:
    async with forms.read(here.request) as sent:
        return dict(sent.fields)


def why(problem: Problem) -> str:
    return str(document(problem)["detail"])
