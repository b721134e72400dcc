"""The session's cookie: out of reach of scripts, sent to this site alone."""

from fastapi import Request, Response

NAME = "linli_session"


def give(response: Response, request: Request, token: str, secure: bool) -> None:
    """Until the browser is closed; how long the session lasts the server says."""
    response.set_cookie(
        NAME, token, httponly=True, secure=secure or request.url.scheme == "https", samesite="lax", path="/"
    )


def take_away(response: Response) -> None:
    response.delete_cookie(NAME, path="/", httponly=True, samesite="lax")


def token_of(request: Request) -> str | None:
    token = request.cookies.get(NAME, "")
    return token if 20 <= len(token) <= 100 else None


def sets_session(response: Response) -> bool:
    """Whether an answer gives or takes away a session already."""
    return any(each.startswith(f"{NAME}=") for each in response.headers.getlist("set-cookie"))
