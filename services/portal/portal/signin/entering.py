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
    429; to who has shown too many wrong keys too."""
    porch: Porch = request.app.state.gate
    caller = resident_of(request)
    await porch.rates.may_guess(caller.origin)
    await porch.rates.admit_to_the_open(caller.origin)
    return caller


async def entered(request: Request, sessions: Sessions, token: str, next: str) -> Response:
    """To the page that was wanted, in the new session. The one that this browser had before is over: nobody could sign
    out of it here any more."""
    earlier = person_of(request)
    if earlier is not None:
        await sessions.end(earlier.principal, earlier.session)
    response = RedirectResponse(own_address(next), 303)
    give(response, request, token)
    return response
