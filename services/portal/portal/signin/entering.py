"""What all ways to sign in have in common: how often somebody may try, and what happens when they are in."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import Porch
from portal.pages.api import own_address
from portal.services import Caller
from portal.signin.cookie import give
from portal.signin.person import person_of, resident_of
from portal.signin.sessions import Sessions


async def tries(request: Request) -> Caller:
    """Whoever tries to sign in, counted by where they come from, also where it succeeds: what succeeds is kept. Raises
    429. How many wrong keys have come from there does not matter: an office shares an address."""
    porch: Porch = request.app.state.gate
    caller = resident_of(request)
    await porch.rates.admit_to_sign_in(caller.origin)
    return caller


async def was_wrong(request: Request) -> None:
    """Count a key, link or way back that opens nothing. Raises 429 after too many, of which none was a right one.

    What a page of another site has a browser ask for is no guess of whoever looks at that page.
    """
    porch: Porch = request.app.state.gate
    if request.headers.get("sec-fetch-site") != "cross-site":
        await porch.rates.guessed(resident_of(request).origin)


async def entered(request: Request, sessions: Sessions, token: str, next: str) -> Response:
    """To the page that was wanted, in the new session. The one that this browser had before is over: nobody could sign
    out of it here any more."""
    earlier = person_of(request)
    if earlier is not None:
        await sessions.end(earlier.principal, earlier.session)
    response = RedirectResponse(own_address(next), 303)
    give(response, request, token)
    return response
