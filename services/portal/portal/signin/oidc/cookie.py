"""The cookie by which a browser is known again that comes back from the issuer."""

from fastapi import Request, Response

from portal.signin.cookie import is_secure, named
from portal.signin.oidc.under_way import GOOD_FOR
from portal.signin.sealing import new_token

_NAME = "linli_sign_in"


def of(request: Request) -> str:
    """What the browser has; if it has none, something new. Several sign-ins in several tabs share it."""
    found = request.cookies.get(named(request, _NAME), "")
    return found if 20 <= len(found) <= 100 else new_token()


def give(response: Response, request: Request, token: str) -> None:
    response.set_cookie(
        named(request, _NAME),
        token,
        max_age=int(GOOD_FOR.total_seconds()),
        httponly=True,
        secure=is_secure(request),
        samesite="lax",  # the way back is a link from another site
        path="/",  # what a name that is this host's alone asks for
    )
