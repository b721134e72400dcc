"""What all ways to sign in have in common: how often somebody may try."""

from fastapi import Request

from linli.security.auth import Porch
from portal.services import Caller
from portal.signin.person import resident_of


async def tries(request: Request) -> Caller:
    """Whoever tries to sign in, counted by where they come from, also where it succeeds: what succeeds is kept. Raises
    429; to who has shown too many wrong keys too."""
    porch: Porch = request.app.state.gate
    caller = resident_of(request)
    await porch.rates.may_guess(caller.origin)
    await porch.rates.admit_to_the_open(caller.origin)
    return caller
