"""What a page of staff declares: `staff: Staff`, the person who is signed in."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.signin.csrf import is_masked
from portal.signin.person import Person, person_of

SAFE = frozenset({"GET", "HEAD"})
SIGN_IN_NEEDED = "sign_in_needed"
HEADER = "x-form-token"


async def _staff(request: Request) -> Person:
    """Raises 401, which becomes the way to the sign-in page; 403 for a form without the session's token."""
    person = person_of(request)
    if person is None:
        raise sign_in_needed()
    if request.method not in SAFE:
        said = request.headers.get(HEADER) or (await request.form()).get("csrf")
        if not isinstance(said, str) or not is_masked(said, person.form_token):
            detail = Localized(
                "This form is from an earlier session. Load the page again.", "这份表单来自较早的登录，请重新打开页面。"
            )
            raise Problem("foreign_form", 403, detail)
    return person


def sign_in_needed() -> Problem:
    return Problem(SIGN_IN_NEEDED, 401, Localized("Please sign in.", "请先登录。"))


def is_for_staff(dependant: Dependant) -> bool:
    """Whether a route, or something that it depends on, declares `Staff`."""
    return dependant.call is _staff or any(map(is_for_staff, dependant.dependencies))


Staff = Annotated[Person, Depends(_staff)]
