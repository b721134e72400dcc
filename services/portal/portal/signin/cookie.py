"""The session's cookie: out of reach of scripts, sent to this site alone."""

from fastapi import Request, Response

from portal.settings import PortalSettings

_NAME = "linli_session"
HOST = "__Host-"
"""Before a cookie's name: a browser takes it from this host alone, by TLS, and for all of it (RFC 6265bis, 4.1.3.2)."""


def is_secure(request: Request) -> bool:
    """Whether cookies are to be sent by TLS alone: people reach the portal by it, if perhaps through a proxy."""
    settings: PortalSettings = request.app.state.provided[PortalSettings]
    return settings.secure or request.scope["scheme"] == "https"


def named(request: Request, name: str) -> str:
    """The name of a cookie that no neighbour may set, as far as a browser holds to that without TLS."""
    return HOST + name if is_secure(request) else name


def give(response: Response, request: Request, token: str) -> None:
    """Until the browser is closed; how long the session lasts the server says."""
    response.set_cookie(
        named(request, _NAME), token, httponly=True, secure=is_secure(request), samesite="lax", path="/"
    )


def take_away(response: Response, request: Request) -> None:
    response.delete_cookie(named(request, _NAME), path="/", httponly=True, secure=is_secure(request), samesite="lax")


def token_of(request: Request) -> str | None:
    token = request.cookies.get(named(request, _NAME), "")
    return token if 20 <= len(token) <= 100 else None


def sets_session(response: Response) -> bool:
    """Whether an answer gives or takes away a session already."""
    return any(each.removeprefix(HOST).startswith(f"{_NAME}=") for each in response.headers.getlist("set-cookie"))
